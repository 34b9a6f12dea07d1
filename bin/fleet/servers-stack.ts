import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ICloudWatchLogsUser } from '../../lib';
import { addOutputs } from '../server/add-outputs';
import { addServer } from '../server/add-server';
import { serverName } from '../settings/settings';
import type { FleetServer, Path } from './fleet';

/** The maximum number of resources in a CloudFormation stack. */
const MAX_RESOURCES = 500;
const MAX_OUTPUTS = 200;

/** The context key that gives a part of a stack a separate provisioner (lib/private/functions/provisioner.ts). */
const HOME = 'cdk-datafold-postgres:provisionerHome';

/** Returns the name of the stack, which is unique in its account and region. */
export const stackName = ({ sharedStack, settings }: FleetServer) =>
  `datafold-${sharedStack ?? serverName(settings)}`;

/** Creates the stack of one or several servers. */
export function serversStack(scope: Construct, servers: readonly FleetServer[]): Stack {
  const { account, region } = servers[0];
  const name = stackName(servers[0]);
  return new Stack(scope, `${account}-${region}-${name.slice('datafold-'.length)}`, {
    stackName: name,
    description: 'Datafold on PostgreSQL: roles, statement logs and data sources',
    env: { account, region },
  });
}

/** Adds a server to its stack; returns the problems that the constructs report. */
export function addToStack(stack: Stack, server: FleetServer, logsUser: ICloudWatchLogsUser) {
  const { settings, sharedStack, path } = server;
  const scope = sharedStack === undefined ? stack : part(stack, serverName(settings));
  try {
    addOutputs(scope, addServer(scope, settings, logsUser));
    return [];
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InvalidPropsError')) throw error;
    const [, ...lines] = error.message.split('\n');
    return lines.map((line) => ({ path, text: line.replace('  - ', '') }));
  }
}

/** Creates a part of a stack with a separate provisioner: a few servers exceed the 10,240 characters of a role's inline policies. */
function part(stack: Stack, name: string): Construct {
  const scope = new Construct(stack, name);
  scope.node.setContext(HOME, scope.node.path);
  return scope;
}

/** Returns a problem if a stack has too many servers. */
export function sizeProblems(stack: Stack, servers: readonly FleetServer[]): { path: Path; text: string }[] {
  const elements = stack.node.findAll();
  const resources = elements.filter((child) => CfnResource.isCfnResource(child)).length;
  const outputs = elements.filter((child) => child instanceof CfnOutput).length;
  if (resources <= MAX_RESOURCES && outputs <= MAX_OUTPUTS) return [];
  const text =
    `the ${servers.length} servers of the stack ${stack.stackName} need ${resources} resources and ${outputs} outputs, ` +
    `CloudFormation takes ${MAX_RESOURCES} and ${MAX_OUTPUTS}: give some of them another \`stack\`, ` +
    'or each its own with "stackPer": "server"';
  return [{ path: servers[0].path.slice(0, 4), text }];
}
