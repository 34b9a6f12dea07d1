import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The placeholders of the CDK for a value that has yet to be looked up: of `StringParameter.valueFromLookup`, and for the host of
 * `DatabaseCluster.fromLookup` and `DatabaseInstance.fromLookup`.
 */
const PLACEHOLDER = /dummy-value-for-|^TESTADDRESS$/;

/** Returns whether a value is a placeholder; the CLI looks up the value after this synthesis, then synthesizes again. */
export function isPlaceholder(value: string | undefined): boolean {
  return value !== undefined && PLACEHOLDER.test(value);
}

/**
 * Returns whether a problem is about a placeholder; an error for it would prevent the CLI from looking up the value.
 *
 * A number that is parsed from a placeholder is NaN, which may also be a mistake: the missing context of the stack decides.
 */
export function isAboutPlaceholder(scope: IConstruct, problem: string): boolean {
  if (problem.endsWith('got: NaN')) return hasMissingContext(scope);
  return /dummy-value-for-/.test(problem);
}

/** Reads a private list of the CDK; if a later release lacks it, problems are reported one synthesis too early. */
function hasMissingContext(scope: IConstruct): boolean {
  const { _missingContext: missing } = Stack.of(scope) as unknown as { _missingContext?: readonly unknown[] };
  return (missing?.length ?? 0) > 0;
}
