import { CfnResource, type aws_rds as rds } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

/** The CloudFormation resource of a server that this app defines, cluster or instance, seen as one thing. */
export interface DatabaseResource {
  readonly cfn: rds.CfnDBCluster | rds.CfnDBInstance;
  readonly kind: 'cluster' | 'instance';
  /** The name that the template gives it, if any. */
  readonly identifier: string | undefined;
  /** The name of its parameter group as the template has it: text, token or nothing. */
  readonly parameterGroupName: string | undefined;
  /** The family of its parameter group, such as aurora-postgresql16, if the engine is known by version. */
  readonly family: string | undefined;
  readonly setParameterGroup: (name: string) => void;
}

/** The resource behind a server; nothing where this app does not define it. */
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
