/** An error that the user can fix; only its message is shown. */
export class UserError extends Error {
  public constructor(headline: string, problems: readonly string[], footer: readonly string[] = []) {
    super([headline, ...problems.map((problem) => `  - ${problem}`), ...footer].join('\n'));
    this.name = 'UserError';
  }
}
