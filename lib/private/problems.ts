/**
 * The error of this library for bad input: everything that is wrong, at once.
 *
 * `aws-cdk-lib` has a `ValidationError` of its own, but its signature changes between releases.
 */
export class InvalidPropsError extends Error {
  public constructor(path: string, problems: readonly string[]) {
    super([`${path} can't be set up:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'InvalidPropsError';
  }
}

/** Throws one error with all problems, if there are any. */
export function throwIfAny(path: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new InvalidPropsError(path, [...new Set(problems)]);
}
