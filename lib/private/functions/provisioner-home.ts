import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The context key for the path of a construct in a stack that has a separate provisioner. */
const KEY = 'cdk-datafold-postgres:provisionerHome';

/**
 * Returns the scope of a construct's provisioner: the stack, or the ancestor that the context names.
 *
 * IAM limits the inline policies of a role to 10,240 characters, so one provisioner can serve only a few servers.
 */
export function provisionerHome(scope: IConstruct): IConstruct {
  const path: unknown = scope.node.tryGetContext(KEY);
  return scope.node.scopes.find((ancestor) => ancestor.node.path === path) ?? Stack.of(scope);
}
