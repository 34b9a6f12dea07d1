import type { aws_sns as sns } from 'aws-cdk-lib';
import type { Right } from '../functions/further-rights';

/** The rights to publish to a topic, its key included. */
export function topicRights(topic: sns.ITopic | undefined): Right[] {
  if (!topic) return [];
  const { masterKey: key } = topic;
  return [
    { actions: ['sns:Publish'], resources: [topic.topicArn] },
    ...(key ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }] : []),
  ];
}
