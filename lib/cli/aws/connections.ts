import {
  AcceptVpcEndpointConnectionsCommand,
  DescribeVpcEndpointConnectionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { EndpointConnection } from '../../handler/provisioner/aws/private-link-ports';
import { withAwsContext } from './with-aws-context';

/** The connections of an endpoint service. Named imports, not the whole client: it would double the size of the tool. */
export async function connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]> {
  const client = new EC2Client({});
  const Filters = [{ Name: 'service-id', Values: [serviceId] }];
  const all: EndpointConnection[] = [];
  let NextToken: string | undefined;
  do {
    const page = await withAwsContext('ec2:DescribeVpcEndpointConnections', serviceId, () =>
      client.send(new DescribeVpcEndpointConnectionsCommand({ Filters, NextToken })),
    );
    for (const one of page.VpcEndpointConnections ?? [])
      all.push({
        endpointId: one.VpcEndpointId ?? '',
        state: one.VpcEndpointState ?? '',
        owner: one.VpcEndpointOwner ?? '',
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
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
