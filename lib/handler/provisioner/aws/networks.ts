import { ec2Client } from './ec2-client';
import type { Networks } from './network-ports';
import { ingressFrom, readRouteTables } from './read-network';

/** Route tables and security groups by the AWS SDK. */
export function sdkNetworks(): Networks {
  const ask = ec2Client();
  return {
    async routeTablesOf(vpcId) {
      const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
      return readRouteTables(async (NextToken) =>
        ask('DescribeRouteTables', vpcId, (sdk, client) =>
          client.send(new sdk.DescribeRouteTablesCommand({ Filters, NextToken })),
        ),
      );
    },
    async ingressOf(securityGroupIds) {
      if (securityGroupIds.length === 0) return [];
      const GroupIds = [...securityGroupIds];
      return ingressFrom(
        await ask('DescribeSecurityGroups', GroupIds.join(', '), (sdk, client) =>
          client.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds })),
        ),
      );
    },
  };
}
