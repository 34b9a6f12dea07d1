import { aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CloudWatchLogsReader, type ICloudWatchLogsReader } from '../../lib';
import { importSecret } from '../server/import-secret';
import type { FleetReader } from './fleet';

/** A name, since no stack can refer to a secret of another region. */
const SECRET_NAME = 'datafold/logs-reader-key';

/** The stack of the one reader of an account. */
export function readerStack(scope: Construct, reader: FleetReader): Stack {
  const { account, region } = reader;
  const stack = new Stack(scope, `${account}-${region}-logs-reader`, {
    stackName: 'datafold-logs-reader',
    description: 'Datafold on PostgreSQL: the reader of the statement logs of this account',
    env: { account, region },
  });
  new CloudWatchLogsReader(stack, 'LogsReader', { secretName: SECRET_NAME });
  return stack;
}

/** The same reader for a stack of any region of the account. */
export function importReader(stack: Stack, reader: FleetReader): ICloudWatchLogsReader {
  return CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secretOf(stack, reader));
}

function secretOf(stack: Stack, reader: FleetReader): secretsmanager.ISecret {
  const { account, region, accessKeySecret, accessKeySecretKey } = reader;
  const id = 'AccessKeySecret';
  if (accessKeySecret !== undefined) return importSecret(stack, id, accessKeySecret, accessKeySecretKey);
  const arn = `arn:${stack.partition}:secretsmanager:${region}:${account}:secret:${SECRET_NAME}`;
  return secretsmanager.Secret.fromSecretPartialArn(stack, id, arn);
}
