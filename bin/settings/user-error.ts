/** An error that a person can mend; its message is all that they need to see. */
export class UserError extends Error {
  public constructor(headline: string, problems: readonly string[], footer: readonly string[] = []) {
    super([headline, ...problems.map((problem) => `  - ${problem}`), ...footer].join('\n'));
    this.name = 'UserError';
  }
}
