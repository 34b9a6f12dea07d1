/** What the emulator marks in its log when a call would fail in AWS: rights, network, model, tags, conditions, rules, logs. */
const FAULT = /^[\d:.]+ !!! ((?:IAM|NET|MODEL|TAGS|condition|EVENTS|LOGS)\b.*)$/gm;

/**
 * The marks in the emulator's log from a position on, without those that a scenario provokes on purpose, each once.
 *
 * The last lines of a function that was deleted while it ended, perhaps by the scenario before, are lost, in AWS too: that is no
 * fault.
 */
export function marks(log: string, allowed: readonly RegExp[] = [], from = 0): string[] {
  const found = [...log.matchAll(FAULT)].filter(({ 1: text = '', index }) => {
    if (index < from) return false;
    const lost = /^LOGS of (\S+) are lost/.exec(text)?.[1];
    const gone = `DELETE_COMPLETE AWS::Lambda::Function`;
    return !lost || !log.slice(0, index).match(new RegExp(`${gone} \\S+ ${lost}\\b`));
  });
  return [...new Set(found.map(({ 1: text = '' }) => text))].filter(
    (text) => !allowed.some((pattern) => pattern.test(text)),
  );
}
