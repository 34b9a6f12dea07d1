import { CfnResource, type aws_rds as rds } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

/** The CloudFormation resource of a server that this app defines, with a common interface for clusters and instances. */
export interface DatabaseResource {
  readonly cfn: rds.CfnDBCluster | rds.CfnDBInstance;
  readonly kind: 'cluster' | 'instance';
  /** The identifier in the template, if any. */
  readonly identifier: string | undefined;
  /** The name of the parameter group in the template: a text, a token or undefined. */
  readonly parameterGroupName: string | undefined;
  /** The family of the parameter group, such as aurora-postgresql16, if the engine version is known. */
  readonly family: string | undefined;
  readonly setParameterGroup: (name: string) => void;
}

/** Returns the resource of a server; undefined if this app does not define it. */
export function databaseResource({ resource }: ServerSpec): DatabaseResource | undefined {
  const child = resource?.node.defaultChild;
  if (!child || !CfnResource.isCfnResource(child)) return undefined;
  const family = (resource as Partial<rds.DatabaseCluster>).engine?.parameterGroupFamily;
  if (child.cfnResourceType === 'AWS::RDS::DBCluster') {
    const cfn = child as rds.CfnDBCluster;
    return {
      cfn,
      kind: 'cluster',
      identifier: cfn.dbClusterIdentifier,
      parameterGroupName: cfn.dbClusterParameterGroupName,
      family,
      setParameterGroup: (name) => (cfn.dbClusterParameterGroupName = name),
    };
  }
  if (child.cfnResourceType === 'AWS::RDS::DBInstance') {
    const cfn = child as rds.CfnDBInstance;
    return {
      cfn,
      kind: 'instance',
      identifier: cfn.dbInstanceIdentifier,
      parameterGroupName: cfn.dbParameterGroupName,
      family,
      setParameterGroup: (name) => (cfn.dbParameterGroupName = name),
    };
  }
  return undefined;
}
