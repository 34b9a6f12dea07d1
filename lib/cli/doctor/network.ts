import { endpointServicesIn, isPending } from '../endpoint-services';
import type { Checks } from './check';
import type { DoctorPorts, StackFacts } from './ports';

/** Whether Datafold is connected to the endpoint services of a stack. */
export async function checkNetwork(checks: Checks, ports: DoctorPorts, stack: StackFacts): Promise<void> {
  for (const serviceId of endpointServicesIn(stack)) {
    const connections = await checks.attempt(
      'network',
      'Allow your AWS credentials to describe the connections of the endpoint service.',
      () => ports.connectionsOf(serviceId),
    );
    if (!connections) continue;
    const accepted = connections.filter(({ state }) => /^available$/i.test(state));
    const pending = connections.filter(isPending);
    if (accepted.length > 0)
      checks.ok(
        'network',
        `${accepted.map((one) => one.endpointId).join(', ')} is connected to ${serviceId}.`,
      );
    else if (pending.length > 0)
      checks.fail(
        'network',
        `${pending.map((one) => `${one.endpointId} of the account ${one.owner}`).join(', ')} waits to be accepted by ${serviceId}.`,
        `If the account is Datafold's: cdk-datafold-postgres accept --stack ${stack.name} --endpoint ${pending[0].endpointId}`,
      );
    else
      checks.warn(
        'network',
        `Pending: Datafold has not asked for a connection to ${serviceId} yet.`,
        'Send the output for the support of Datafold to it.',
      );
  }
}
