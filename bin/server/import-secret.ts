import { aws_kms as kms, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Imports a secret by its complete ARN, with its customer managed key, if any. */
export function importSecret(
  scope: Construct,
  id: string,
  secretCompleteArn: string,
  keyArn: string | undefined,
): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretAttributes(scope, id, {
    secretCompleteArn,
    encryptionKey: keyArn === undefined ? undefined : kms.Key.fromKeyArn(scope, `${id}Key`, keyArn),
  });
}
