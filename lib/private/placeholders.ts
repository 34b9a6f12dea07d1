import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What the CDK gives for a value that it has yet to look up: of `StringParameter.valueFromLookup`, and the host of
 * `DatabaseCluster.fromLookup` and `DatabaseInstance.fromLookup`.
 */
const PLACEHOLDER = /dummy-value-for-|^TESTADDRESS$/;

/** Whether a value stands for one that is not looked up yet. The CLI looks it up after this synth, then synthesizes again. */
export function isPlaceholder(value: string | undefined): boolean {
  return value !== undefined && PLACEHOLDER.test(value);
}

/**
 * Whether a problem is about a placeholder. To throw for it would keep the CLI from looking the value up.
 *
 * A number that is made of a placeholder is none, which may as well be a mistake: what is missing in the stack decides.
 */
export function isAboutPlaceholder(scope: IConstruct, problem: string): boolean {
  if (problem.endsWith('got: NaN')) return hasMissingContext(scope);
  return /dummy-value-for-/.test(problem);
}

/** The list is private to the CDK; where a later release has none, a problem is reported one synth too early. */
function hasMissingContext(scope: IConstruct): boolean {
  const { _missingContext: missing } = Stack.of(scope) as unknown as { _missingContext?: readonly unknown[] };
  return (missing?.length ?? 0) > 0;
}
