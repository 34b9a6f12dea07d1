import type { NetworkStatus } from '../../network-status';
import type { EndpointConnection } from '../aws/private-link-ports';

const isIn = (...states: readonly string[]) => {
  const pattern = new RegExp(`^(${states.join('|')})$`, 'i'); // EC2 writes states in lower and in upper case
  return ({ state }: EndpointConnection) => pattern.test(state);
};

/** True for a connection that Datafold can use; a partial one in some of its availability zones. */
const isAccepted = isIn('available', 'partial');
/** True for a connection that was accepted a moment ago. */
const isStarting = isIn('pending');
/** True for a connection that waits for somebody to accept it. */
export const isPending = isIn('pendingAcceptance');
/** True for a connection with which a service can't be deleted (EC2 API reference, DeleteVpcEndpointServiceConfigurations). */
export const holdsService = isIn('available', 'partial', 'pending', 'pendingAcceptance');

/** Decides by the connections of an endpoint service whether Datafold is connected. */
export function privateLinkStatus(
  serviceId: string,
  stackName: string,
  connections: readonly EndpointConnection[],
): NetworkStatus {
  const accepted = connections.filter(isAccepted).map(({ endpointId }) => endpointId);
  if (accepted.length > 0)
    return { state: 'ok', message: `${accepted.join(', ')} is connected to ${serviceId}.` };
  const pending = connections.filter(isPending);
  if (pending.length > 0)
    return {
      state: 'failed',
      message: `${pending.map((one) => `${one.endpointId} of the account ${one.owner}`).join(', ')} waits to be accepted by ${serviceId}.`,
      next: `If the account is Datafold's: npx cdk-datafold-postgres accept --stack ${stackName} --endpoint ${pending[0].endpointId}`,
    };
  const starting = connections.filter(isStarting).map(({ endpointId }) => endpointId);
  if (starting.length > 0)
    return {
      state: 'pending',
      message: `${starting.join(', ')} was accepted and is not available yet.`,
      next: 'Wait some minutes, then check again.',
    };
  return {
    state: 'pending',
    message: 'Datafold has not connected yet.',
    next: `Send Datafold's support the output of the stack that names ${serviceId}.`,
  };
}
