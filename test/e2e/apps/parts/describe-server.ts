import { type aws_ec2 as ec2, CfnOutput, Stack } from 'aws-cdk-lib';

/** Writes down, as outputs, what a server says of itself and how to reach it. */
export function describeServer(vpc: ec2.Vpc, server: ec2.IConnectable, facts: Record<string, string>): void {
  const values = {
    ...facts,
    SecurityGroup: server.connections.securityGroups[0].securityGroupId,
    VpcId: vpc.vpcId,
    SubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId).join(),
  };
  for (const [name, value] of Object.entries(values))
    new CfnOutput(Stack.of(vpc), `Out${name}`, { value }).overrideLogicalId(name);
}
