import { Annotations, aws_ec2 as ec2, aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { PostgresServer } from '../../lib';
import { UNKNOWN_ZONE } from '../../lib/private/network/subnets';
import { importSecret } from '../server/import-secret';
import type { Conditions } from './conditions';
import { textOnlyIf } from './optional';
import type { Parameters } from './parameters';

/** Returns the server that the parameters name; its host is looked up in RDS at deployment. */
export function server(
  stack: Stack,
  kind: 'cluster' | 'instance',
  parameters: Parameters,
  conditions: Conditions,
): PostgresServer {
  const identifier = parameters.Identifier.valueAsString;
  const options = {
    port: parameters.Port.valueAsNumber,
    vpc: vpc(stack, parameters),
    securityGroups: [
      ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', parameters.SecurityGroupId.valueAsString),
    ],
    adminSecret: adminSecret(stack, parameters, conditions),
    maintenanceDatabase: parameters.MaintenanceDatabase.valueAsString,
  };
  if (kind === 'cluster')
    return PostgresServer.auroraCluster(
      rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier: identifier }),
      options,
    );
  const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Server', {
    instanceIdentifier: identifier,
    instanceEndpointAddress: '',
    port: parameters.Port.valueAsNumber,
    securityGroups: [],
  });
  return PostgresServer.rdsInstance(instance, options);
}

/** Imports the VPC with a list of subnets of unknown length, which is passed to the function unchanged. */
function vpc(stack: Stack, { VpcId, SubnetIds }: Parameters): ec2.IVpc {
  const found = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: VpcId.valueAsString,
    availabilityZones: [UNKNOWN_ZONE],
    isolatedSubnetIds: SubnetIds.valueAsList,
  });
  Annotations.of(found).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
  return found;
}

function adminSecret(stack: Stack, parameters: Parameters, { hasAdminSecretKey }: Conditions) {
  const { AdminSecretArn, AdminSecretKeyArn } = parameters;
  const keyArn = textOnlyIf(hasAdminSecretKey, AdminSecretKeyArn.valueAsString);
  return importSecret(stack, 'AdminSecret', AdminSecretArn.valueAsString, keyArn);
}
