/** The conditions of a template. */
export type ConditionsOfTemplate = Readonly<Record<string, unknown>>;

/** Returns a condition and the conditions that it implies: those that it combines by `Fn::And`. */
export function impliedConditions(conditions: ConditionsOfTemplate, name: string | undefined): Set<string> {
  const implied = new Set<string>();
  const add = (one: string | undefined): void => {
    if (one === undefined || implied.has(one)) return;
    implied.add(one);
    const { 'Fn::And': parts = [] } = (conditions[one] ?? {}) as { 'Fn::And'?: { Condition?: string }[] };
    parts.forEach(({ Condition }) => add(Condition));
  };
  add(name);
  return implied;
}
