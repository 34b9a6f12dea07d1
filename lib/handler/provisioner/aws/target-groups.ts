import type * as Sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import { call } from './call';
import type { TargetGroups } from './private-link-ports';
import { tagsFrom } from './rds-kind';
import { targetsFrom } from './read-network';

/** Target groups by the AWS SDK, loaded when first used. */
export function sdkTargetGroups(): TargetGroups {
  let made: Sdk.ElasticLoadBalancingV2Client | undefined;
  const ask = async <T>(
    action: string,
    targetGroupArn: string,
    send: (sdk: typeof Sdk, client: Sdk.ElasticLoadBalancingV2Client) => Promise<T>,
  ) => {
    const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2');
    const client = (made ??= new sdk.ElasticLoadBalancingV2Client({ maxAttempts: 5 }));
    return call(`elasticloadbalancing:${action}`, targetGroupArn, () => send(sdk, client));
  };
  return {
    async targetsOf(TargetGroupArn) {
      const found = await ask('DescribeTargetHealth', TargetGroupArn, (sdk, client) =>
        client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn })),
      );
      return targetsFrom(found);
    },
    async tagsOf(targetGroupArn) {
      const found = await ask('DescribeTags', targetGroupArn, (sdk, client) =>
        client.send(new sdk.DescribeTagsCommand({ ResourceArns: [targetGroupArn] })),
      );
      return tagsFrom(found.TagDescriptions?.[0]?.Tags);
    },
    async register(TargetGroupArn, addresses) {
      const Targets = addresses.map((Id) => ({ Id }));
      await ask('RegisterTargets', TargetGroupArn, (sdk, client) =>
        client.send(new sdk.RegisterTargetsCommand({ TargetGroupArn, Targets })),
      );
    },
    async deregister(TargetGroupArn, targets) {
      const Targets = targets.map(({ address: Id, port: Port }) => ({ Id, Port }));
      await ask('DeregisterTargets', TargetGroupArn, (sdk, client) =>
        client.send(new sdk.DeregisterTargetsCommand({ TargetGroupArn, Targets })),
      );
    },
  };
}
