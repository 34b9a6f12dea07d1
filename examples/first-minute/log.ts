/** Returns the statements in the log of a server, each on one line with its time, role and database. */
export function statementsIn(log: string): string[] {
  return log
    .split(/\n(?!\t)/)
    .map((entry) =>
      /^\S+ (\S+) UTC:[^:]*:(\S+?@\S+?):\[\d+\]:LOG: {2}(?:statement|execute .*?): (.*)/s.exec(entry),
    )
    .filter((match) => match !== null)
    .map(([, time, who, statement]) => `${time} ${who}  ${statement.replace(/\s+/g, ' ').trim()}`);
}
