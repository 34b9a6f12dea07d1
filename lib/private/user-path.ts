import type { CfnResource } from 'aws-cdk-lib';

/** Returns the path of the construct that the user defined for a resource, without its `Resource`. */
export function userPath({ node }: CfnResource): string {
  return node.id === 'Resource' && node.scope ? node.scope.node.path : node.path;
}
