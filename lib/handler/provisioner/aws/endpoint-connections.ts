import type { DescribeVpcEndpointConnectionsCommandOutput } from '@aws-sdk/client-ec2';
import { allPages } from './call';
import type { EndpointConnection } from './private-link-ports';

/** A page of connections; undefined if the endpoint service does not exist. */
type Page = Pick<DescribeVpcEndpointConnectionsCommandOutput, 'VpcEndpointConnections' | 'NextToken'>;

/** Reads the connections of an endpoint service, page by page. */
export async function readConnections(
  readPage: (NextToken: string | undefined) => Promise<Page | undefined>,
): Promise<readonly EndpointConnection[]> {
  const all = await allPages(async (marker) => {
    const page = await readPage(marker);
    return { items: page?.VpcEndpointConnections, marker: page?.NextToken };
  });
  return all.map((one) => ({
    endpointId: one.VpcEndpointId ?? '',
    state: one.VpcEndpointState ?? '',
    owner: one.VpcEndpointOwner ?? '',
  }));
}
