import { acceptCommand, type AcceptPorts } from '../../lib/cli/accept';
import type { StackFacts } from '../../lib/cli/doctor/ports';
import { run as runTool } from './support/run';

const STACK: StackFacts = {
  name: 'Shop',
  status: 'UPDATE_COMPLETE',
  parameters: {},
  resources: [{ logicalId: 'Service', physicalId: 'vpce-svc-1', type: 'AWS::EC2::VPCEndpointService' }],
};
const connection = (endpointId: string, state: string) => ({ endpointId, state, owner: '210987654321' });
const WAITING = [connection('vpce-1', 'pendingAcceptance'), connection('vpce-2', 'available')];

/** What the command prints, its exit status, and what was accepted. */
async function run(args: string[], stack: StackFacts | undefined = STACK, connections = WAITING) {
  const accepted: string[] = [];
  const ports: AcceptPorts = {
    findStack: async (name) => (name === 'Shop' ? stack : undefined),
    connectionsOf: async () => connections,
    acceptConnection: async (serviceId, endpointId) => void accepted.push(`${serviceId} ${endpointId}`),
  };
  const { status, out } = await runTool(['accept', ...args], [acceptCommand(async () => ports)]);
  return { status, out, accepted };
}

test('shows who asks for a connection and changes nothing without an endpoint', async () => {
  expect(await run(['--stack', 'Shop'])).toEqual({
    status: 0,
    out: `vpce-svc-1: these ask for a connection.
  vpce-1 of the account 210987654321
Accept one, if the account is Datafold's: npx cdk-datafold-postgres accept --stack Shop --endpoint vpce-1
`,
    accepted: [],
  });
});

test('says that nobody asks', async () => {
  expect(await run(['--stack', 'Shop'], STACK, [])).toEqual({
    status: 0,
    out: 'vpce-svc-1: nobody asks for a connection.\n',
    accepted: [],
  });
});

test('accepts the connection that is named, and no other', async () => {
  expect(await run(['--stack', 'Shop', '--endpoint', 'vpce-1'])).toEqual({
    status: 0,
    out: 'The connection of vpce-1 to vpce-svc-1 is accepted.\n',
    accepted: ['vpce-svc-1 vpce-1'],
  });
});

test.each([
  [['--stack', 'Shop', '--endpoint', 'vpce-2'], STACK, 'vpce-2 does not ask for a connection.\n'],
  [['--stack', 'Other'], STACK, 'There is no stack Other in this account and region.\n'],
  [['--stack', 'Shop'], { ...STACK, resources: [] }, 'The stack Shop has no endpoint service.\n'],
])('%j ends with 1 and accepts nothing', async (args, stack, out) => {
  expect(await run(args, stack)).toEqual({ status: 1, out, accepted: [] });
});
