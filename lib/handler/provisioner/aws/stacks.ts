import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { call } from './call';
import type { Stacks } from './stacks-ports';

/** CloudFormation by the AWS SDK, loaded when first used. */
export function sdkStacks(): Stacks {
  let made: CloudFormationClient | undefined;
  return {
    async status(stackId) {
      const sdk = await import('@aws-sdk/client-cloudformation');
      const client = (made ??= new sdk.CloudFormationClient({ maxAttempts: 5 }));
      const found = await call('cloudformation:DescribeStacks', stackId, () =>
        client.send(new sdk.DescribeStacksCommand({ StackName: stackId })),
      );
      return found.Stacks?.[0]?.StackStatus ?? '';
    },
  };
}
