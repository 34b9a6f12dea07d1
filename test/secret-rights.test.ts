import { aws_iam as iam, aws_kms as kms, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { secretRights } from '../lib/private/functions/secret-and-topic-rights';
import { newStack } from './support/stacks';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:admin-AbCdEf';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
const rights = (secret: secretsmanager.ISecret, access: 'read' | 'write' = 'read') =>
  secretRights(secret, access).map(
    (right) => Stack.of(secret).resolve(new iam.PolicyStatement(right).toStatementJson()) as object,
  );

test('to read a secret takes one action', () => {
  const secret = secretsmanager.Secret.fromSecretCompleteArn(newStack(), 'Secret', ARN);
  expect(rights(secret)).toEqual([
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: ARN },
  ]);
});

test('an imported secret with a key can be decrypted, through Secrets Manager only', () => {
  const stack = newStack();
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY);
  const secret = secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', {
    secretCompleteArn: ARN,
    encryptionKey,
  });
  const Condition = { StringLike: { 'kms:ViaService': 'secretsmanager.*' } };
  expect(rights(secret)[1]).toEqual({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition });
  expect(rights(secret, 'write')).toEqual([
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      Resource: ARN,
    },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY, Condition },
  ]);
});

test('a secret known by name or partial ARN is granted with any suffix', () => {
  const stack = newStack('Test', { env: { account: '111111111111', region: 'eu-west-1' } });
  const partial = secretsmanager.Secret.fromSecretPartialArn(stack, 'Partial', ARN.slice(0, -7));
  expect(rights(partial)).toEqual([expect.objectContaining({ Resource: `${ARN.slice(0, -7)}-??????` })]);
  const named = secretsmanager.Secret.fromSecretNameV2(stack, 'Named', 'admin');
  expect(JSON.stringify(rights(named))).toContain(
    ':secretsmanager:eu-west-1:111111111111:secret:admin-??????',
  );
});
