import { networkText } from '../../network-status';
import type { EndpointConnection } from '../aws/private-link-ports';
import type { Lifecycle, Run } from '../aws/run';
import { MissingDependency } from '../runtime/failure';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { resumable, waitUntil } from '../runtime/resumable';
import { endpointServiceId, type EndpointServiceRequest, SERVICE, parseEndpointService } from './properties';
import { holdsService, privateLinkStatus } from './status';

/** Adds to CloudFormation's endpoint service: returns its availability zones and connections, and rejects these on Delete. */
export const endpointService: Lifecycle<EndpointServiceRequest> = {
  parse: parseEndpointService,
  idPrefix: SERVICE,

  async create(request, run) {
    return describe(run, request);
  },

  async update(request, run) {
    return describe(run, request);
  },

  async answerWithoutWork({ desired }) {
    return {
      physicalId: endpointServiceId(desired),
      data: { ServiceName: UNKNOWN, AvailabilityZoneIds: UNKNOWN, Network: UNKNOWN },
    };
  },

  /** CloudFormation removes the allowed principals first, so no new connection is requested. */
  async remove({ desired: { serviceId } }, run) {
    const { endpointServices } = run.aws;
    const check = async () => {
      const all = await connectionsOf(run, serviceId);
      const ids = all.filter(holdsService).map(({ endpointId }) => endpointId);
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

async function describe(run: Run, { desired, stackName }: Request<EndpointServiceRequest>): Promise<Done> {
  const { serviceId } = desired;
  const found = await run.call(`endpoint service ${serviceId}`, () =>
    run.aws.endpointServices.find(serviceId),
  );
  if (!found)
    throw new MissingDependency(
      `EC2 has no endpoint service ${serviceId} in this account and region. If it was deleted, remove the construct from the app and deploy, then add the construct again and deploy.`,
    );
  const status = privateLinkStatus(serviceId, stackName, await connectionsOf(run, serviceId));
  return {
    physicalId: endpointServiceId(desired),
    data: {
      ServiceName: found.serviceName,
      AvailabilityZoneIds: found.availabilityZoneIds.join(', '),
      Network: networkText(status),
    },
  };
}

async function connectionsOf(run: Run, serviceId: string): Promise<readonly EndpointConnection[]> {
  return run.call(`connections of ${serviceId}`, () => run.aws.endpointServices.connectionsOf(serviceId));
}
