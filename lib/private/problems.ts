import type { IConstruct } from 'constructs';
import { isAboutPlaceholder } from './placeholders';

/**
 * The error of this library for invalid props, which lists all problems.
 *
 * The `ValidationError` of `aws-cdk-lib` is not used, since its signature changes between releases.
 */
export class InvalidPropsError extends Error {
  public constructor(path: string, problems: readonly string[]) {
    super([`${path} can't be set up:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'InvalidPropsError';
  }
}

/** Throws one error with all problems, if there are any, unless a context lookup of the CDK may still solve all of them. */
export function throwIfAny(scope: IConstruct, problems: readonly string[], lookedUp?: string): void {
  const real = problems.filter((problem) => !isAboutPlaceholder(scope, problem));
  if (real.some((problem) => problem !== lookedUp))
    throw new InvalidPropsError(scope.node.path, [...new Set(real)]);
}

/** Returns a number for a message: `20,480`. */
export function inWords(count: number): string {
  return count.toLocaleString('en');
}
