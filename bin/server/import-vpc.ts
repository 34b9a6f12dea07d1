import { createHash } from 'node:crypto';
import { Annotations, aws_ec2 as ec2, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { UNKNOWN_ZONE } from '../../lib/private/network/subnets';
import type { ServerSettings } from '../settings/settings';

/** Imports a VPC with some of its subnets, once per stack for the same ids, so that servers share a function. */
export function importVpc(scope: Construct, { vpc: vpcId, subnets }: ServerSettings): ec2.IVpc {
  const stack = Stack.of(scope);
  const isolatedSubnetIds = [...subnets].sort();
  const id = `Network${hash([vpcId, ...isolatedSubnetIds])}`;
  const known = stack.node.tryFindChild(id) as ec2.IVpc | undefined;
  if (known) return known;
  const vpc = ec2.Vpc.fromVpcAttributes(stack, id, {
    vpcId,
    // The Availability Zones are unknown, and Lambda does not need them.
    availabilityZones: [UNKNOWN_ZONE],
    isolatedSubnetIds,
  });
  Annotations.of(vpc).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
  return vpc;
}

const hash = (parts: string[]) => createHash('sha256').update(parts.join()).digest('hex').slice(0, 8);
