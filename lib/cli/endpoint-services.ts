import type { StackFacts } from './doctor/ports';

/** The endpoint services of a stack. */
export function endpointServicesIn({ resources }: StackFacts): string[] {
  return resources
    .filter(({ type }) => type === 'AWS::EC2::VPCEndpointService')
    .map(({ physicalId }) => physicalId);
}
