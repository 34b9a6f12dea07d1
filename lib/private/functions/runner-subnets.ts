import { type aws_ec2 as ec2, Token } from 'aws-cdk-lib';
import type { ServerNetwork } from '../server/server-spec';

/** Returns the subnets of the user, else isolated, private or public ones; a function in a public subnet gets no public address. */
export function selectSubnets({ vpc, subnets }: ServerNetwork): ec2.SubnetSelection {
  if (subnets) return subnets;
  if (!vpc) return {};
  if (vpc.isolatedSubnets.length > 0) return { subnets: vpc.isolatedSubnets };
  if (vpc.privateSubnets.length > 0) return { subnets: vpc.privateSubnets };
  return { subnets: vpc.publicSubnets };
}

/** Returns a problem if the VPC was imported without subnets, so that there is none for the function. */
export function subnetProblems(network: ServerNetwork, factory: string): string[] {
  const { vpc, subnets } = network;
  if (!vpc || subnets) return [];
  const { subnetIds } = vpc.selectSubnets(selectSubnets(network));
  if (Token.isUnresolved(subnetIds) || subnetIds.length > 0) return [];
  return [
    `\`vpcSubnets\` is missing: the VPC ${vpc.node.path} was imported without subnets. Give it: PostgresServer.${factory}({ vpcSubnets }), or import the VPC with them`,
  ];
}
