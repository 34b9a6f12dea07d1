import type { DescribeVpcEndpointConnectionsCommandOutput } from '@aws-sdk/client-ec2';
import type { EndpointConnection } from './private-link-ports';

/** A page of connections; undefined if the endpoint service does not exist. */
type Page = Pick<DescribeVpcEndpointConnectionsCommandOutput, 'VpcEndpointConnections' | 'NextToken'>;

/** Reads the connections of an endpoint service, page by page. */
export async function readConnections(
  readPage: (NextToken: string | undefined) => Promise<Page | undefined>,
): Promise<readonly EndpointConnection[]> {
  const all: EndpointConnection[] = [];
  let NextToken: string | undefined;
  do {
    const page = await readPage(NextToken);
    for (const one of page?.VpcEndpointConnections ?? [])
      all.push({
        endpointId: one.VpcEndpointId ?? '',
        state: one.VpcEndpointState ?? '',
        owner: one.VpcEndpointOwner ?? '',
      });
    NextToken = page?.NextToken;
  } while (NextToken);
  return all;
}
