import {
  AcceptVpcEndpointConnectionsCommand,
  DescribeVpcEndpointConnectionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { readConnections } from '../../handler/provisioner/aws/endpoint-connections';
import type { EndpointConnection } from '../../handler/provisioner/aws/private-link-ports';
import { withAwsContext } from './session';

/** The connections of an endpoint service. Named imports, not the whole client: it would double the size of the tool. */
export async function connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]> {
  const client = new EC2Client({});
  const Filters = [{ Name: 'service-id', Values: [serviceId] }];
  return readConnections(async (NextToken) =>
    withAwsContext('ec2:DescribeVpcEndpointConnections', serviceId, () =>
      client.send(new DescribeVpcEndpointConnectionsCommand({ Filters, NextToken })),
    ),
  );
}

/** Accepts a connection; fails where EC2 does not. */
export async function acceptConnection(ServiceId: string, endpointId: string): Promise<void> {
  const { Unsuccessful: [refused] = [] } = await withAwsContext(
    'ec2:AcceptVpcEndpointConnections',
    `${ServiceId}, ${endpointId}`,
    () =>
      new EC2Client({}).send(
        new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds: [endpointId] }),
      ),
  );
  if (refused)
    throw new Error(
      `ec2:AcceptVpcEndpointConnections on ${ServiceId}, ${endpointId} failed with ${refused.Error?.Code}: ${refused.Error?.Message}`,
    );
}
