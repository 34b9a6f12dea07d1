import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The context key that holds the path of a part of a stack with a provisioner of its own. */
const KEY = 'cdk-datafold-postgres:provisionerHome';

/**
 * Where the provisioner of a construct lives: its stack, unless a part of the stack is to have its own.
 *
 * IAM limits the policies of a role to 10,240 characters, so that one provisioner serves a handful of servers only.
 */
export function provisionerHome(scope: IConstruct): IConstruct {
  const path: unknown = scope.node.tryGetContext(KEY);
  return scope.node.scopes.find((ancestor) => ancestor.node.path === path) ?? Stack.of(scope);
}
