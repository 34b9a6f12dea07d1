import { CfnResource, Stack, type aws_rds as rds } from 'aws-cdk-lib';
import { userPath } from '../user-path';

/** Returns the paths of the other clusters and instances of this app that use a parameter group. */
export function otherUsersOf(group: CfnResource, user: rds.CfnDBCluster | rds.CfnDBInstance): string[] {
  return group.node.root.node
    .findAll()
    .filter(
      (child): child is CfnResource =>
        child !== user && CfnResource.isCfnResource(child) && uses(child, group),
    )
    .map(userPath);
}

function uses(child: Partial<rds.CfnDBCluster & rds.CfnDBInstance>, group: CfnResource): boolean {
  const name = child.dbClusterParameterGroupName ?? child.dbParameterGroupName;
  const resolved = (value: string) => JSON.stringify(Stack.of(group).resolve(value));
  return name !== undefined && resolved(name) === resolved(group.ref);
}
