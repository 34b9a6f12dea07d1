import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { ServerNetwork } from './server-spec';

/** The subnets that the user chose, else isolated ones, else private ones: a function in a public subnet gets no address. */
export function selectSubnets({ vpc, subnets }: ServerNetwork): ec2.SubnetSelection {
  if (subnets) return subnets;
  if (!vpc) return {};
  if (vpc.isolatedSubnets.length > 0) return { subnets: vpc.isolatedSubnets };
  if (vpc.privateSubnets.length > 0) return { subnets: vpc.privateSubnets };
  return { subnets: vpc.publicSubnets };
}
