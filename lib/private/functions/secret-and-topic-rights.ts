import {
  ArnFormat,
  type aws_secretsmanager as secretsmanager,
  Stack,
  Token,
  type aws_sns as sns,
} from 'aws-cdk-lib';
import type { Right } from './further-rights';

/**
 * Returns the permissions to read, or to read and write, a secret, including those for its KMS key.
 *
 * `secret.grantRead` is not used: it grants no permission for an imported key, so a secret with a customer managed key could not be
 * read; it fails if the account of the secret is not known to be that of the stack; and it names the role in the policy of a key of
 * another stack, which is a cyclic reference.
 */
export function secretRights(secret: secretsmanager.ISecret, access: 'read' | 'write'): Right[] {
  const write = access === 'write';
  const rights: Right[] = [
    {
      actions: ['secretsmanager:GetSecretValue', ...(write ? ['secretsmanager:PutSecretValue'] : [])],
      resources: [arnForPolicies(secret)],
    },
  ];
  if (secret.encryptionKey)
    rights.push({
      actions: ['kms:Decrypt', ...(write ? ['kms:GenerateDataKey'] : [])],
      resources: [secret.encryptionKey.keyArn],
      conditions: { StringLike: { 'kms:ViaService': 'secretsmanager.*' } },
    });
  return rights;
}

/** Returns the ARN for policies; the six characters at its end are unknown for a secret that was imported by name. */
function arnForPolicies(secret: secretsmanager.ISecret): string {
  const { secretFullArn, secretArn, secretName } = secret;
  if (secretFullArn !== undefined) return secretFullArn;
  if (Token.isUnresolved(secretArn) || secretArn.startsWith('arn:')) return `${secretArn}-??????`;
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const name = {
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretName}-??????`,
    arnFormat,
  };
  return Stack.of(secret).formatArn(name);
}

/** Returns the permissions to publish to a topic, including those for its KMS key. */
export function topicRights(topic: sns.ITopic | undefined): Right[] {
  if (!topic) return [];
  const { masterKey: key } = topic;
  return [
    { actions: ['sns:Publish'], resources: [topic.topicArn] },
    ...(key ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }] : []),
  ];
}
