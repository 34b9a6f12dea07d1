import { DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Networks } from '../../handler/provisioner/aws/network-ports';
import type { Target } from '../../handler/provisioner/aws/private-link-ports';
import { ingressFrom, readRouteTables, targetsFrom } from '../../handler/provisioner/aws/read-network';
import { withAwsContext } from './session';

/** Route tables and security groups. Named imports, as in `connections.ts`. */
export const networks: Networks = {
  async routeTablesOf(vpcId) {
    const client = new EC2Client({});
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
    return readRouteTables(async (NextToken) =>
      withAwsContext('ec2:DescribeRouteTables', vpcId, () =>
        client.send(new DescribeRouteTablesCommand({ Filters, NextToken })),
      ),
    );
  },
  async ingressOf(securityGroupIds) {
    if (securityGroupIds.length === 0) return [];
    const GroupIds = [...securityGroupIds];
    return ingressFrom(
      await withAwsContext('ec2:DescribeSecurityGroups', GroupIds.join(', '), () =>
        new EC2Client({}).send(new DescribeSecurityGroupsCommand({ GroupIds })),
      ),
    );
  },
};

/** The targets of a target group. */
export async function targetsOf(TargetGroupArn: string): Promise<readonly Target[]> {
  return targetsFrom(
    await withAwsContext('elasticloadbalancing:DescribeTargetHealth', TargetGroupArn, () =>
      new ElasticLoadBalancingV2Client({}).send(new DescribeTargetHealthCommand({ TargetGroupArn })),
    ),
  );
}
