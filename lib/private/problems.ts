import type { IConstruct } from 'constructs';
import { isAboutPlaceholder } from './placeholders';

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

/** Throws one error with all problems, if there are any; not for what a look-up of the CDK may solve. */
export function throwIfAny(scope: IConstruct, problems: readonly string[], lookedUp?: string): void {
  const real = problems.filter((problem) => !isAboutPlaceholder(scope, problem));
  if (real.some((problem) => problem !== lookedUp))
    throw new InvalidPropsError(scope.node.path, [...new Set(real)]);
}
