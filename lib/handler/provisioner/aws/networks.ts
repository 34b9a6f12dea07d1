import { senderOf } from './call';
import type { Networks } from './network-ports';
import { ingressFrom, readRouteTables } from './read-network';

/** Route tables and security groups by the AWS SDK. */
export function sdkNetworks(): Networks {
  const load = async () => import('@aws-sdk/client-ec2');
  const send = senderOf('ec2', load, (sdk) => new sdk.EC2Client({ maxAttempts: 5 }));
  return {
    async routeTablesOf(vpcId) {
      const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
      return readRouteTables(async (NextToken) => send('DescribeRouteTables', vpcId, { Filters, NextToken }));
    },
    async ingressOf(securityGroupIds) {
      if (securityGroupIds.length === 0) return [];
      const GroupIds = [...securityGroupIds];
      return ingressFrom(await send('DescribeSecurityGroups', GroupIds.join(', '), { GroupIds }));
    },
  };
}
