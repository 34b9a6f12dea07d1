import { CfnResource, Stack, type aws_rds as rds } from 'aws-cdk-lib';

/** The paths of the other clusters and instances of this app that use a parameter group. */
export function otherUsersOf(group: CfnResource, user: rds.CfnDBCluster | rds.CfnDBInstance): string[] {
  return group.node.root.node
    .findAll()
    .filter((child) => child !== user && uses(child as Partial<rds.CfnDBCluster & rds.CfnDBInstance>, group))
    .map((child) => (child.node.scope ?? child).node.path);
}

function uses(child: Partial<rds.CfnDBCluster & rds.CfnDBInstance>, group: CfnResource): boolean {
  const name = child.dbClusterParameterGroupName ?? child.dbParameterGroupName;
  return (
    CfnResource.isCfnResource(child) &&
    name !== undefined &&
    JSON.stringify(Stack.of(group).resolve(name)) === JSON.stringify(Stack.of(group).resolve(group.ref))
  );
}
