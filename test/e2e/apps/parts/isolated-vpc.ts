import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The addresses from which the suite reaches a database in an account of AWS, where it has no other way in. An emulator has
 * one: there it is undefined.
 */
export const SUITE = process.env.E2E_CIDR;

/** A VPC of isolated subnets: no NAT gateway, no endpoint, no way to any AWS service. */
export function isolatedVpc(scope: Construct, id = 'Vpc', cidr = '10.0.0.0/16'): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, id, {
    ipAddresses: ec2.IpAddresses.cidr(cidr),
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  if (SUITE) letSuiteIn(vpc, SUITE);
  return vpc;
}

/**
 * Gives the way back to the suite, and to nothing else: functions have no public address, so the subnets stay isolated for
 * them.
 */
function letSuiteIn(vpc: ec2.Vpc, cidr: string): void {
  const gateway = new ec2.CfnInternetGateway(vpc, 'SuiteGateway');
  const attached = new ec2.CfnVPCGatewayAttachment(vpc, 'SuiteGatewayAttachment', {
    vpcId: vpc.vpcId,
    internetGatewayId: gateway.ref,
  });
  for (const { node, routeTable } of vpc.isolatedSubnets) {
    const route = new ec2.CfnRoute(node.scope!, `SuiteRoute${node.id}`, {
      routeTableId: routeTable.routeTableId,
      destinationCidrBlock: cidr,
      gatewayId: gateway.ref,
    });
    route.addDependency(attached);
  }
}
