import {
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { eventually } from './eventually';
import type { World } from './world';

/**
 * Waits for the log group of a server that exports its log already.
 *
 * RDS makes it with the first line of the log that it exports: it is the server's, not ours, and stays.
 */
export async function untilLogged(
  { aws }: World,
  { ClusterIdentifier, InstanceIdentifier }: Record<string, string>,
): Promise<void> {
  const server = ClusterIdentifier ? `cluster/${ClusterIdentifier}` : `instance/${InstanceIdentifier}`;
  const logGroupNamePrefix = `/aws/rds/${server}/postgresql`;
  await eventually(async () => {
    const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
    return logGroups?.[0];
  });
}

/** Takes away the log group that RDS makes for an export some time after it began, and keeps when that ends. */
export async function removeLog({ aws }: World, logGroupName: string): Promise<void> {
  await aws.logs.send(new DeleteLogGroupCommand({ logGroupName })).catch((error: unknown) => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  });
}
