import { senderOf } from './call';
import { AwsFailure, noneIf } from './failure';
import { readConnections } from './endpoint-connections';
import type { EndpointServices } from './private-link-ports';

const NO_SERVICE = 'InvalidVpcEndpointServiceId.NotFound';

/** VPCs and endpoint services by the AWS SDK. */
export function sdkEndpointServices(): EndpointServices {
  const load = async () => import('@aws-sdk/client-ec2');
  const send = senderOf('ec2', load, (sdk) => new sdk.EC2Client({ maxAttempts: 5 }));
  return {
    async find(serviceId) {
      const found = await send('DescribeVpcEndpointServiceConfigurations', serviceId, {
        ServiceIds: [serviceId],
      }).catch(noneIf(NO_SERVICE));
      const service = found?.ServiceConfigurations?.[0];
      if (!service) return undefined;
      // `AvailabilityZoneIds` does not exist in older releases of the SDK.
      const ZoneNames = service.AvailabilityZones ?? [];
      const zones = await send('DescribeAvailabilityZones', ZoneNames.join(', '), { ZoneNames });
      const ids = (zones.AvailabilityZones ?? []).map(({ ZoneId = '' }) => ZoneId);
      return { serviceName: service.ServiceName ?? '', availabilityZoneIds: ids.sort() };
    },
    async connectionsOf(serviceId) {
      const Filters = [{ Name: 'service-id', Values: [serviceId] }];
      return readConnections(async (NextToken) =>
        send('DescribeVpcEndpointConnections', serviceId, { Filters, NextToken }).catch(noneIf(NO_SERVICE)),
      );
    },
    async reject(ServiceId, endpointIds) {
      const VpcEndpointIds = [...endpointIds];
      const action = 'RejectVpcEndpointConnections';
      const { Unsuccessful: [refused] = [] } = await send(action, ServiceId, { ServiceId, VpcEndpointIds });
      if (refused)
        throw new AwsFailure(
          `ec2:${action}`,
          `${ServiceId}, ${refused.ResourceId}`,
          refused.Error?.Code ?? 'Error',
          refused.Error?.Message,
        );
    },
    async rangesOf(vpcId) {
      const found = await send('DescribeVpcs', vpcId, { VpcIds: [vpcId] });
      const ranges = found.Vpcs?.[0]?.CidrBlockAssociationSet ?? [];
      return ranges
        .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
        .map(({ CidrBlock = '' }) => CidrBlock);
    },
  };
}
