import { aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PostgresServer, type RdsServerOptions } from '../../lib';
import type { ServerSettings } from '../settings/settings';
import { importSecret } from './import-secret';
import { importVpc } from './import-vpc';

/** Imports the server by its identifiers, without a lookup at synth. */
export function importServer(scope: Construct, settings: ServerSettings): PostgresServer {
  const { cluster, instance, host, port } = settings;
  const options: RdsServerOptions = {
    host,
    port,
    vpc: importVpc(scope, settings),
    securityGroups: group(scope, 'SecurityGroup', settings.securityGroup),
    functionSecurityGroups: group(scope, 'FunctionSecurityGroup', settings.functionSecurityGroup),
    maintenanceDatabase: settings.maintenanceDatabase,
    datafoldHost: settings.datafoldHost,
    datafoldPort: settings.datafoldPort,
    adminSecret: importSecret(scope, 'AdminSecret', settings.adminSecret, settings.adminSecretKey),
  };
  return cluster === undefined
    ? PostgresServer.rdsInstance(importInstance(scope, instance!), options)
    : PostgresServer.auroraCluster(
        rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Server', { clusterIdentifier: cluster }),
        options,
      );
}

/** Imports an instance with an empty endpoint, which the CDK requires; the endpoint is looked up at deployment. */
function importInstance(scope: Construct, instanceIdentifier: string): rds.IDatabaseInstance {
  return rds.DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Server', {
    instanceIdentifier,
    instanceEndpointAddress: '',
    port: 5432,
    securityGroups: [],
  });
}

function group(scope: Construct, id: string, groupId: string | undefined): ec2.ISecurityGroup[] | undefined {
  return groupId === undefined ? undefined : [ec2.SecurityGroup.fromSecurityGroupId(scope, id, groupId)];
}
