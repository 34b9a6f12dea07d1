import {
  CfnResource,
  Reference,
  Stack,
  Tokenization,
  aws_ec2 as ec2,
  type aws_rds as rds,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { selectSubnets } from '../functions/runner-subnets';
import { identityOf } from '../identity';
import { databaseResource } from '../server/database-resource';
import { known } from '../server/imported';
import type { ServerSpec } from '../server/server-spec';

/** The zone of imported subnets whose zones the app does not know (bin/server/import-vpc.ts). */
export const UNKNOWN_ZONE = 'any';

/** Returns one subnet per Availability Zone that the server may be in: a target in any other zone gets no connections. */
export function loadBalancerSubnets(
  scope: Construct,
  server: ServerSpec,
  given: ec2.SubnetSelection | undefined,
): ec2.ISubnet[] {
  const { vpc } = server.network;
  if (!vpc) return [];
  const subnets = given
    ? vpc.selectSubnets(given).subnets
    : (subnetsOfServer(server, vpc) ?? vpc.selectSubnets(selectSubnets(server.network)).subnets);
  const byZone = new Map<string, ec2.ISubnet>();
  for (const subnet of subnets) {
    const zone = known(() => subnet.availabilityZone);
    // The zone of an imported subnet may be unknown.
    const key = zone === undefined || zone === UNKNOWN_ZONE ? subnet.node.addr : identityOf(scope, zone);
    if (!byZone.has(key)) byZone.set(key, subnet);
  }
  return [...byZone.values()];
}

/** Returns the subnets of the server's subnet group if this app defines it; otherwise undefined. */
export function subnetsOfServer(server: ServerSpec, vpc: ec2.IVpc): ec2.ISubnet[] | undefined {
  const cfn = databaseResource(server)?.cfn as { readonly dbSubnetGroupName?: string } | undefined;
  const group = cfn?.dbSubnetGroupName === undefined ? undefined : subnetGroupOf(cfn.dbSubnetGroupName);
  if (!group) return undefined;
  const stack = Stack.of(group);
  const ids = (stack.resolve(group.subnetIds) as unknown[]).map((id) => JSON.stringify(id));
  const all = [...vpc.isolatedSubnets, ...vpc.privateSubnets, ...vpc.publicSubnets];
  const found = all.filter(({ subnetId }) => ids.includes(JSON.stringify(stack.resolve(subnetId))));
  return found.length > 0 ? found : undefined;
}

function subnetGroupOf(name: string): rds.CfnDBSubnetGroup | undefined {
  const target = Tokenization.reverseString(name).tokens.find(Reference.isReference)?.target;
  const isGroup =
    target && CfnResource.isCfnResource(target) && target.cfnResourceType === 'AWS::RDS::DBSubnetGroup';
  return isGroup ? (target as rds.CfnDBSubnetGroup) : undefined;
}
