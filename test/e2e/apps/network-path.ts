/** A network path alone to a server that somebody else made; the context says which path, and what is wrong with it. */
import { App, aws_ec2 as ec2, CfnOutput, Stack } from 'aws-cdk-lib';
import * as library from '../../../lib';
import { hurry } from './parts/faults';
import { importedServer, importedVpc } from './parts/imported-server';
import { placed } from './parts/placed';

/** What the path may differ in. */
export interface PathVariant {
  readonly path: 'private-link' | 'allowlist';
  /** The outputs of the stack of the server. */
  readonly server: Record<string, string>;
  /** Another VPC with its subnets, which the app takes for that of the server. */
  readonly otherVpc?: Record<string, string>;
  /** A security group that the server does not have, which the app takes for that of the server. */
  readonly otherGroup?: string;
  readonly revision?: string;
}

const app = new App();
const variant = JSON.parse(app.node.tryGetContext('variant') as string) as PathVariant;
const { path, otherVpc, otherGroup, revision } = variant;
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
const { networkStatus } =
  path === 'allowlist'
    ? new library.DatafoldAllowlist(stack, 'Path', { server, functions, addresses: ['192.0.2.1'] })
    : new library.DatafoldPrivateLink(stack, 'Path', {
        server,
        functions,
        allowedPrincipals: [`arn:aws:iam::${stack.account}:root`],
        clientCidrs: ['10.20.0.0/16'],
      });
new CfnOutput(stack, 'Network', { value: networkStatus });
hurry(stack);
