import { ArnFormat, type aws_secretsmanager as secretsmanager, Stack, Token } from 'aws-cdk-lib';
import type { Right } from './further-rights';

/**
 * The rights that let a role read a secret, or read and write it, its key included.
 *
 * Not by `secret.grantRead`: that gives no right to a key that was imported, so that a secret with a customer managed key
 * can't be read; it fails where the account of the secret is not known to be that of the stack; and it names the role in the
 * policy of a key of another stack, a cyclic reference.
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

/** The six characters at the end of the ARN are not known of a secret that was imported by name. */
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
