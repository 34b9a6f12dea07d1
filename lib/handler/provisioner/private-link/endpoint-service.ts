import type { Lifecycle, Run } from '../aws/run';
import { MissingDependency } from '../runtime/failure';
import { UNKNOWN } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { resumable, waitUntil } from '../runtime/resumable';
import {
  endpointServiceId,
  type EndpointServiceRequest,
  isEndpointServiceId,
  parseEndpointService,
} from './properties';

/** With connections in these states a service can't be deleted (EC2 API reference, DeleteVpcEndpointServiceConfigurations). */
const HOLDING = ['available', 'pending', 'pendingAcceptance'];

/** Adds to CloudFormation's endpoint service: returns its availability zones, and rejects its connections on Delete. */
export const endpointService: Lifecycle<EndpointServiceRequest> = {
  parse: parseEndpointService,
  isOurs: isEndpointServiceId,

  async create({ desired }, run) {
    return describe(run, desired);
  },

  async update({ desired }, run) {
    return describe(run, desired);
  },

  async answerWithoutWork({ desired }) {
    return {
      physicalId: endpointServiceId(desired),
      data: { ServiceName: UNKNOWN, AvailabilityZoneIds: UNKNOWN },
    };
  },

  /** CloudFormation removes the allowed principals first, so no new connection is requested. */
  async remove({ desired: { serviceId } }, run) {
    const { endpointServices } = run.aws;
    const check = async () => {
      const all = await run.call(`connections of ${serviceId}`, () =>
        endpointServices.connectionsOf(serviceId),
      );
      const ids = all.filter(({ state }) => HOLDING.includes(state)).map(({ endpointId }) => endpointId);
      if (ids.length === 0) return true;
      await run.call(`rejecting ${ids.join(', ')}`, () => endpointServices.reject(serviceId, ids));
      return undefined;
    };
    return resumable(run, async () => {
      await waitUntil(run, () => `the end of the connections of ${serviceId}`, check);
      return undefined;
    });
  },
};

async function describe(run: Run, desired: EndpointServiceRequest): Promise<Done> {
  const { serviceId } = desired;
  const found = await run.call(`endpoint service ${serviceId}`, () =>
    run.aws.endpointServices.find(serviceId),
  );
  if (!found)
    throw new MissingDependency(
      `EC2 has no endpoint service ${serviceId} in this account and region. If it was deleted, remove the construct from the app and deploy, then add the construct again and deploy.`,
    );
  return {
    physicalId: endpointServiceId(desired),
    data: { ServiceName: found.serviceName, AvailabilityZoneIds: found.availabilityZoneIds.join(', ') },
  };
}
