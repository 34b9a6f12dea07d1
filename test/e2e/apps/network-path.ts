/** A network path alone to a server that somebody else made; the context says which path, and what is wrong with it. */
import { App, aws_ec2 as ec2, CfnOutput, CfnResource, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as library from '../../../lib';
import { hurry } from './parts/faults';
import { importedServer, importedVpc } from './parts/imported-server';
import { placed } from './parts/placed';

/** What the path may differ in. */
export interface PathVariant {
  /** `shared`: PrivateLink with a port for another server too. */
  readonly path: 'none' | 'private-link' | 'shared' | 'allowlist' | 'prefix-list';
  /** The outputs of the stack of the server. */
  readonly server: Record<string, string>;
  /** Another VPC with its subnets, which the app takes for that of the server. */
  readonly otherVpc?: Record<string, string>;
  /** A security group that the server does not have, which the app takes for that of the server. */
  readonly otherGroup?: string;
  /** Whether each setting that can change is another one. */
  readonly changed?: boolean;
  /** Whether a resource that is made after the path fails. */
  readonly fails?: boolean;
  readonly revision?: string;
}

const app = new App();
const variant = JSON.parse(app.node.tryGetContext('variant') as string) as PathVariant;
const { path, otherVpc, otherGroup, changed, fails, revision } = variant;
const known = {
  ...variant.server,
  ...otherVpc,
  ...(otherGroup && { SecurityGroup: otherGroup }),
};
const stack = new Stack(app, 'Path', placed(app, 'Path'));
const vpc = importedVpc(stack, known);
const server = importedServer(stack, known, library, {
  vpc,
  // Rules between security groups of two VPCs would fail first.
  functionSecurityGroups: otherVpc && [new ec2.SecurityGroup(stack, 'Own', { vpc })],
});
const functions = { revision };

/** Opens the path; its construct and its status. */
function open(): { readonly made: Construct; readonly networkStatus: string } {
  if (path === 'none') return { made: new CfnWaitConditionHandle(stack, 'Nothing'), networkStatus: 'none' };
  if (path === 'allowlist' || path === 'prefix-list') {
    const made = new library.DatafoldAllowlist(stack, 'Allowlist', {
      server,
      functions,
      addresses: ['192.0.2.1', ...(changed ? ['192.0.2.2'] : [])],
      prefixList: path === 'prefix-list',
    });
    return { made, networkStatus: made.networkStatus };
  }
  const made = new library.DatafoldPrivateLink(stack, 'Link', {
    server,
    functions,
    allowedPrincipals: [
      `arn:aws:iam::${stack.account}:root`,
      ...(changed ? [`arn:aws:iam::${stack.account}:role/datafold`] : []),
    ],
    clientCidrs: [changed ? '10.21.0.0/16' : '10.20.0.0/16'],
    acceptanceRequired: !changed,
  });
  const { Host: host, SecurityGroup: groupId } = variant.server;
  const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', groupId)];
  if (path === 'shared')
    made.addServer(library.PostgresServer.endpoint({ host, vpc, securityGroups }), {
      port: changed ? 5434 : 5433,
    });
  return { made, networkStatus: made.networkStatus };
}

const { made, networkStatus } = open();
new CfnOutput(stack, 'Network', { value: networkStatus });
if (fails) {
  const properties = { GroupId: 'sg-0123456789abcdef0', IpProtocol: 'tcp', CidrIp: '192.0.2.9/32' };
  const type = 'AWS::EC2::SecurityGroupIngress';
  const later = new CfnResource(stack, 'Later', { type, properties });
  later.node.addDependency(made);
}
hurry(stack);
