import { CfnResource, Stack, Token, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { logsEnough } from '../../handler/provisioner/statement-logging/parameter-group';
import type { DatabaseResource } from '../server/database-resource';
import { userPath } from '../identity';
import { definedGroup } from './parameter-group';

/**
 * Rejects, at the end of synthesis, a DB parameter group of this app that turns off the statement log for an instance of the cluster.
 *
 * "Any DB parameter settings that you modify take precedence over the DB cluster parameter group values" (Aurora user guide, DB cluster
 * parameter groups).
 */
export function validateInstanceGroups(scope: Construct, { kind, cfn }: DatabaseResource): void {
  if (kind === 'cluster') scope.node.addValidation({ validate: () => problemsOf(cfn) });
}

function problemsOf(cluster: CfnResource): string[] {
  return cluster.node.root.node
    .findAll()
    .filter(isInstance)
    .filter(({ dbClusterIdentifier }) => isRefTo(cluster, dbClusterIdentifier))
    .flatMap((instance) => {
      const group = instance.dbParameterGroupName && definedGroup(instance.dbParameterGroupName);
      if (!group) return [];
      const parameters = Stack.of(group).resolve(group.parameters) as Record<string, string> | undefined;
      const value = parameters?.log_statement;
      if (value === undefined || Token.isUnresolved(value) || logsEnough(value)) return [];
      return [
        `the parameter group ${userPath(group)} of the instance ${userPath(instance)} sets log_statement=${value}, which wins over the parameter group of the cluster: Datafold derives no lineage from what that instance runs. Leave log_statement out there, or set it to mod`,
      ];
    });
}

function isInstance(child: IConstruct): child is rds.CfnDBInstance {
  return CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::RDS::DBInstance';
}

function isRefTo(cluster: CfnResource, name: string | undefined): boolean {
  const resolved = (value: string) => JSON.stringify(Stack.of(cluster).resolve(value));
  return name !== undefined && resolved(name) === resolved(cluster.ref);
}
