import type { aws_sns as sns } from 'aws-cdk-lib';
import type { Right } from '../functions/further-rights';

/** Returns the permissions to publish to a topic, including those for its KMS key. */
export function topicRights(topic: sns.ITopic | undefined): Right[] {
  if (!topic) return [];
  const { masterKey: key } = topic;
  return [
    { actions: ['sns:Publish'], resources: [topic.topicArn] },
    ...(key ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }] : []),
  ];
}
