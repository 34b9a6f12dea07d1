import type { CfnResource } from 'aws-cdk-lib';

/** The path by which a user knows a resource: that of the construct that he wrote, without its `Resource`. */
export function userPath({ node }: CfnResource): string {
  return node.id === 'Resource' && node.scope ? node.scope.node.path : node.path;
}
