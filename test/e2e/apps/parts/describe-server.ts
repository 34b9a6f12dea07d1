import { type aws_ec2 as ec2, type aws_rds as rds, CfnOutput, Stack } from 'aws-cdk-lib';

/** Writes down, as outputs, all that another app needs to import a cluster. */
export function describeCluster(vpc: ec2.Vpc, cluster: rds.DatabaseCluster): void {
  describeServer(vpc, cluster, {
    ClusterIdentifier: cluster.clusterIdentifier,
    Host: cluster.clusterEndpoint.hostname,
    AdminSecret: cluster.secret!.secretArn,
  });
}

/** The same of an instance. */
export function describeInstance(vpc: ec2.Vpc, instance: rds.DatabaseInstance): void {
  describeServer(vpc, instance, {
    InstanceIdentifier: instance.instanceIdentifier,
    Host: instance.instanceEndpoint.hostname,
    AdminSecret: instance.secret!.secretArn,
  });
}

function describeServer(vpc: ec2.Vpc, server: ec2.IConnectable, facts: Record<string, string>): void {
  const values = {
    ...facts,
    SecurityGroup: server.connections.securityGroups[0].securityGroupId,
    VpcId: vpc.vpcId,
    SubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId).join(),
    RouteTableIds: vpc.isolatedSubnets.map(({ routeTable }) => routeTable.routeTableId).join(),
  };
  for (const [name, value] of Object.entries(values))
    new CfnOutput(Stack.of(vpc), `Out${name}`, { value }).overrideLogicalId(name);
}
