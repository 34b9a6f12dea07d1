import type { aws_sns as sns } from 'aws-cdk-lib';
import type { ProvisionedResource } from '../functions/provisioned-resource';

/** Lets the provisioner publish to a topic, its key included. */
export function allowTopic(resource: ProvisionedResource, topic: sns.ITopic | undefined): void {
  if (!topic) return;
  resource.allow(['sns:Publish'], [topic.topicArn]);
  if (topic.masterKey) resource.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [topic.masterKey.keyArn]);
}
