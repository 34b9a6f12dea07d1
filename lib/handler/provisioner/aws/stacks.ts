import { senderOf } from './call';
import { isAws } from './failure';
import { tagsFrom } from './rds-kind';
import type { Stacks, StackState } from '../runtime/stacks-ports';

/** The pages of events to read, newest first: current operations are among the first events. */
const MAX_PAGES = 30;

/** CloudFormation by the AWS SDK, loaded when first used. */
export function sdkStacks(): Stacks {
  const load = async () => import('@aws-sdk/client-cloudformation');
  const send = senderOf('cloudformation', load, (sdk) => new sdk.CloudFormationClient({ maxAttempts: 5 }));
  const describe = async (stackId: string) => {
    const found = await orNone(send('DescribeStacks', stackId, { StackName: stackId }));
    return found?.Stacks?.[0];
  };
  const find = async (stackId: string): Promise<StackState | undefined> => {
    const stack = await describe(stackId);
    if (!stack) return undefined;
    const { StackStatus, CreationTime, LastUpdatedTime, DeletionTime } = stack;
    const times = [CreationTime, LastUpdatedTime, DeletionTime].map((time) => time?.getTime() ?? 0);
    return { status: StackStatus ?? '', changedAt: Math.max(...times) };
  };
  return {
    find,
    status: async (stackId) => (await find(stackId))?.status ?? '',
    tags: async (stackId) => tagsFrom((await describe(stackId))?.Tags),
    async findResource(stackId, logicalResourceId) {
      const input = { StackName: stackId, LogicalResourceId: logicalResourceId };
      const found = await orNone(send('DescribeStackResource', stackId, input));
      const detail = found?.StackResourceDetail;
      return (
        detail && {
          physicalId: detail.PhysicalResourceId ?? '',
          status: detail.ResourceStatus ?? '',
          changedAt: detail.LastUpdatedTimestamp?.getTime() ?? 0,
        }
      );
    },
    async resourceStatus(stackId, logicalId, physicalId) {
      let NextToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const input = { StackName: stackId, NextToken };
        const found = await send('DescribeStackEvents', stackId, input);
        const event = found.StackEvents?.find(
          ({ LogicalResourceId, PhysicalResourceId }) =>
            LogicalResourceId === logicalId && PhysicalResourceId === physicalId,
        );
        if (event) return event.ResourceStatus;
        NextToken = found.NextToken;
        if (NextToken === undefined) break;
      }
      return undefined;
    },
  };
}

/** CloudFormation has no error code of its own for a missing stack or resource. */
async function orNone<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (isAws(error, 'ValidationError') && /does not exist/.test(error.message)) return undefined;
    throw error;
  });
}
