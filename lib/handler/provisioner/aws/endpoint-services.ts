import { ec2Client } from './ec2-client';
import { AwsFailure, isAws } from './failure';
import { readConnections } from './endpoint-connections';
import type { EndpointServices } from './private-link-ports';

const NO_SERVICE = 'InvalidVpcEndpointServiceId.NotFound';

/** VPCs and endpoint services by the AWS SDK. */
export function sdkEndpointServices(): EndpointServices {
  const ask = ec2Client();
  return {
    async find(serviceId) {
      const found = await ask('DescribeVpcEndpointServiceConfigurations', serviceId, (sdk, client) =>
        client.send(new sdk.DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [serviceId] })),
      ).catch(noneIf(NO_SERVICE));
      const service = found?.ServiceConfigurations?.[0];
      if (!service) return undefined;
      // `AvailabilityZoneIds` does not exist in older releases of the SDK.
      const ZoneNames = service.AvailabilityZones ?? [];
      const zones = await ask('DescribeAvailabilityZones', ZoneNames.join(', '), (sdk, client) =>
        client.send(new sdk.DescribeAvailabilityZonesCommand({ ZoneNames })),
      );
      const ids = (zones.AvailabilityZones ?? []).map(({ ZoneId = '' }) => ZoneId);
      return { serviceName: service.ServiceName ?? '', availabilityZoneIds: ids.sort() };
    },
    async connectionsOf(serviceId) {
      const Filters = [{ Name: 'service-id', Values: [serviceId] }];
      return readConnections(async (NextToken) =>
        ask('DescribeVpcEndpointConnections', serviceId, (sdk, client) =>
          client.send(new sdk.DescribeVpcEndpointConnectionsCommand({ Filters, NextToken })),
        ).catch(noneIf(NO_SERVICE)),
      );
    },
    async reject(ServiceId, endpointIds) {
      const VpcEndpointIds = [...endpointIds];
      const action = 'RejectVpcEndpointConnections';
      const { Unsuccessful: [refused] = [] } = await ask(action, ServiceId, (sdk, client) =>
        client.send(new sdk.RejectVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds })),
      );
      if (refused)
        throw new AwsFailure(
          `ec2:${action}`,
          `${ServiceId}, ${refused.ResourceId}`,
          refused.Error?.Code ?? 'Error',
          refused.Error?.Message,
        );
    },
    async rangesOf(vpcId) {
      const found = await ask('DescribeVpcs', vpcId, (sdk, client) =>
        client.send(new sdk.DescribeVpcsCommand({ VpcIds: [vpcId] })),
      );
      const ranges = found.Vpcs?.[0]?.CidrBlockAssociationSet ?? [];
      return ranges
        .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
        .map(({ CidrBlock = '' }) => CidrBlock);
    },
  };
}

function noneIf(code: string): (error: unknown) => undefined {
  return (error) => {
    if (isAws(error, code)) return undefined;
    throw error;
  };
}
