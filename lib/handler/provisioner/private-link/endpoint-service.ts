import type { Lifecycle, Run } from '../aws/run';
import { MissingDependency } from '../runtime/failure';
import { UNKNOWN } from '../runtime/lifecycle';
import { Continue, type Done } from '../runtime/outcome';
import {
  endpointServiceId,
  type EndpointServiceRequest,
  isEndpointServiceId,
  parseEndpointService,
} from './properties';

/** With connections in these states a service can't be deleted (EC2 API reference, DeleteVpcEndpointServiceConfigurations). */
const HOLDING = ['available', 'pending', 'pendingAcceptance'];
const PAUSE_MS = 3_000;
/** Time that must remain after a check. */
const MARGIN_MS = 10_000;

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
    for (;;) {
      const all = await run.call(`connections of ${serviceId}`, () =>
        endpointServices.connectionsOf(serviceId),
      );
      const holding = all.filter(({ state }) => HOLDING.includes(state));
      if (holding.length === 0) return undefined;
      const ids = holding.map(({ endpointId }) => endpointId);
      await run.call(`rejecting ${ids.join(', ')}`, () => endpointServices.reject(serviceId, ids));
      run.waitingFor = `the end of the connections of ${serviceId}`;
      if (run.timeLeft() < PAUSE_MS + MARGIN_MS) return new Continue({});
      await run.pause(PAUSE_MS);
    }
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
