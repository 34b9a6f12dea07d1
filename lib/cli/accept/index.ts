import { parseArgs } from 'node:util';
import type { EndpointConnection } from '../../handler/provisioner/aws/private-link-ports';
import type { Output } from '../doctor';
import type { StackFacts } from '../doctor/ports';
import { endpointServicesIn, isPending } from '../endpoint-services';
import { UsageError } from '../usage';

/** The text of `accept --help`. */
export const ACCEPT_HELP = `Usage: cdk-datafold-postgres accept --stack NAME [--endpoint ID] [options]

Shows, with your AWS credentials, who asks for a connection through AWS PrivateLink, and accepts the one that is named.
Without --endpoint nothing is changed.

  --stack NAME      the stack with the PrivateLink
  --endpoint ID     the endpoint whose connection is accepted, such as vpce-0123456789abcdef0
  --region REGION   the region [that of your environment or profile]
  --profile NAME    the profile of your AWS credentials
  -h, --help        this text

Exit status: 0 if it is done, 1 if there is no such stack, service or request, 2 for invalid options.
`;

/** The options of the command. */
export const OPTIONS = {
  stack: { type: 'string' },
  endpoint: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
} as const;

/** The calls to AWS. They throw errors whose messages can be shown to the user. */
export interface AcceptPorts {
  /** Undefined if the stack does not exist. */
  findStack(name: string): Promise<StackFacts | undefined>;
  connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]>;
  acceptConnection(serviceId: string, endpointId: string): Promise<void>;
}

/** Runs `cdk-datafold-postgres accept` and returns its exit status. */
export async function accept(
  args: readonly string[],
  makePorts: () => AcceptPorts,
  { out }: Output,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { stack, endpoint, region, profile } = values;
  if (!stack) throw new UsageError('Name a stack by --stack');
  // The SDK reads these when the first client is created.
  if (region !== undefined) process.env.AWS_REGION = region;
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  const ports = makePorts();
  const say = (text: string, status = 0) => {
    out(`${text}\n`);
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
  const next = `Accept one, if the account is Datafold's: cdk-datafold-postgres accept --stack ${stack} --endpoint ${waiting[0].endpointId}`;
  return [`${serviceId}: these ask for a connection.`, ...lines, next].join('\n');
}
