/** Servers as somebody has them already; the context says which: their network, groups and instances. */
import { App, aws_ec2 as ec2, aws_rds as rds, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { cluster, ENGINE } from './parts/cluster';
import { describeCluster, describeInstance } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'Existing', placed(app, 'Existing'));
const vpc = isolatedVpc(stack);
const kind = app.node.tryGetContext('kind') as 'readers' | 'custom' | 'shared' | 'instance';

if (kind === 'instance') {
  const instance = new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of('16.6', '16') }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    databaseName: 'app',
    parameters: { work_mem: '4096', log_statement: 'ddl' },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  describeInstance(vpc, instance);
} else {
  const parameterGroup =
    kind === 'readers'
      ? undefined // AWS's own, which can't be changed
      : new rds.ParameterGroup(stack, 'Group', { engine: ENGINE, parameters: { work_mem: '4096' } });
  const instance = rds.ClusterInstance.provisioned;
  const readers = kind === 'readers' ? [instance('Reader1'), instance('Reader2')] : [];
  const one = cluster(stack, 'Cluster', vpc, { writer: instance('Writer'), readers, parameterGroup });
  if (kind === 'shared') {
    cluster(stack, 'Neighbour', vpc, { clusterIdentifier: 'neighbour', parameterGroup });
  }
  describeCluster(vpc, one);
}
