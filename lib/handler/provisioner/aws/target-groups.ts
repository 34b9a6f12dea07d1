import type * as Sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import { senderOf } from './call';
import type { TargetGroups } from './private-link-ports';
import { tagsFrom } from './rds-kind';
import { targetsFrom } from './read-network';

/** Target groups by the AWS SDK, loaded when first used. */
export function sdkTargetGroups(): TargetGroups {
  const load = async () => import('@aws-sdk/client-elastic-load-balancing-v2');
  const connect = (sdk: typeof Sdk) => new sdk.ElasticLoadBalancingV2Client({ maxAttempts: 5 });
  const send = senderOf('elasticloadbalancing', load, connect);
  return {
    async targetsOf(TargetGroupArn) {
      const found = await send('DescribeTargetHealth', TargetGroupArn, { TargetGroupArn });
      return targetsFrom(found);
    },
    async tagsOf(targetGroupArn) {
      const found = await send('DescribeTags', targetGroupArn, { ResourceArns: [targetGroupArn] });
      return tagsFrom(found.TagDescriptions?.[0]?.Tags);
    },
    async register(TargetGroupArn, addresses) {
      const Targets = addresses.map((Id) => ({ Id }));
      await send('RegisterTargets', TargetGroupArn, { TargetGroupArn, Targets });
    },
    async deregister(TargetGroupArn, targets) {
      const Targets = targets.map(({ address: Id, port: Port }) => ({ Id, Port }));
      await send('DeregisterTargets', TargetGroupArn, { TargetGroupArn, Targets });
    },
  };
}
