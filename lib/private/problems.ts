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

/** Throws one error with all problems, if there are any; not for the one alone that a look-up may solve. */
export function throwIfAny(path: string, problems: readonly string[], lookedUp?: string): void {
  if (problems.some((problem) => problem !== lookedUp))
    throw new InvalidPropsError(path, [...new Set(problems)]);
}
