import type { EndpointConnection } from '../handler/provisioner/aws/private-link-ports';
import type { StackFacts } from './doctor/ports';

/** The endpoint services of a stack. */
export function endpointServicesIn({ resources }: StackFacts): string[] {
  return resources
    .filter(({ type }) => type === 'AWS::EC2::VPCEndpointService')
    .map(({ physicalId }) => physicalId);
}

/** Whether a connection waits for somebody to accept it. */
export const isPending = ({ state }: EndpointConnection) => /^pendingAcceptance$/i.test(state);
