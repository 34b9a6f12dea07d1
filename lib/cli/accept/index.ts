import type { EndpointConnection } from '../../handler/provisioner/aws/private-link-ports';
import { isPending } from '../../handler/provisioner/private-link/status';
import type { Session } from '../aws/session';
import { AWS_OPTIONS, defineCommand, UsageError, type Command, type Values } from '../command';
import type { StackFacts } from '../doctor/ports';
import { endpointServicesIn } from '../doctor/network';
import type { Terminal } from '../terminal';
import { visible } from '../terminal/visible';

const OPTIONS = {
  stack: { value: 'NAME', help: 'the stack with the PrivateLink' },
  endpoint: {
    value: 'ID',
    help: 'the endpoint whose connection is accepted, such as vpce-0123456789abcdef0 [none: they are listed]',
  },
  ...AWS_OPTIONS,
} as const;

/** The calls to AWS. They throw errors whose messages can be shown to the user. */
export interface AcceptPorts {
  /** Undefined if the stack does not exist. */
  findStack(name: string): Promise<StackFacts | undefined>;
  connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]>;
  acceptConnection(serviceId: string, endpointId: string): Promise<void>;
}

/** `accept`: shows or accepts the connections through AWS PrivateLink. */
export function acceptCommand(makePorts: (session: Session) => Promise<AcceptPorts>): Command {
  return defineCommand({
    name: 'accept',
    summary: 'accept the connection that Datafold asks for through AWS PrivateLink',
    description:
      'Shows, with your AWS credentials, who asks for a connection through AWS PrivateLink, and accepts the one that is named. Without --endpoint nothing is changed.',
    usage: '--stack NAME [--endpoint ID] [options]',
    options: OPTIONS,
    notes:
      'Exit status: 0 if it is done, 1 if there is no such stack, service or request, 2 for invalid options.',
    run: async (values, terminal) => accept(values, makePorts, terminal),
  });
}

async function accept(
  { stack, endpoint, ...session }: Values<typeof OPTIONS>,
  makePorts: (session: Session) => Promise<AcceptPorts>,
  { out }: Terminal,
): Promise<number> {
  if (!stack) throw new UsageError('Name a stack by --stack');
  const ports = await makePorts(session);
  const say = (text: string, status = 0) => {
    out(`${visible(text)}\n`);
    return status;
  };
  const found = await ports.findStack(stack);
  if (!found) return say(`There is no stack ${stack} in this account and region.`, 1);
  const services = endpointServicesIn(found);
  if (services.length === 0) return say(`The stack ${stack} has no endpoint service.`, 1);

  for (const serviceId of services) {
    const waiting = (await ports.connectionsOf(serviceId)).filter(isPending);
    if (endpoint === undefined) say(describe(serviceId, waiting, stack));
    else if (waiting.some(({ endpointId }) => endpointId === endpoint)) {
      await ports.acceptConnection(serviceId, endpoint);
      return say(`The connection of ${endpoint} to ${serviceId} is accepted.`);
    }
  }
  return endpoint === undefined ? 0 : say(`${endpoint} does not ask for a connection.`, 1);
}

function describe(serviceId: string, waiting: readonly EndpointConnection[], stack: string): string {
  if (waiting.length === 0) return `${serviceId}: nobody asks for a connection.`;
  const lines = waiting.map(({ endpointId, owner }) => `  ${endpointId} of the account ${owner}`);
  const next = `Accept one, if the account is Datafold's: npx cdk-datafold-postgres accept --stack ${stack} --endpoint ${waiting[0].endpointId}`;
  return [`${serviceId}: these ask for a connection.`, ...lines, next].join('\n');
}
