import { aws_iam as iam, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CloudWatchLogsReader, type ICloudWatchLogsReader } from '../../lib';
import type { FleetReader } from './fleet';

/** A name, since no stack can refer to a secret of another region. */
const SECRET_NAME = 'datafold/logs-reader-key';

/** The stack of the one reader of an account. */
export function readerStack(scope: Construct, reader: FleetReader): Stack {
  const { account, region, group } = reader;
  const stack = new Stack(scope, `${account}-${region}-logs-reader`, {
    stackName: 'datafold-logs-reader',
    description: 'Datafold on PostgreSQL: the reader of the statement logs of this account',
    env: { account, region },
  });
  new CloudWatchLogsReader(stack, 'LogsReader', {
    group: group === undefined ? undefined : iam.Group.fromGroupName(stack, 'Group', group),
    secretName: SECRET_NAME,
  });
  return stack;
}

/** The same reader for a stack of any region of the account. */
export function importReader(stack: Stack, reader: FleetReader): ICloudWatchLogsReader {
  const secret = secretsmanager.Secret.fromSecretAttributes(
    stack,
    'AccessKeySecret',
    secretArn(stack, reader),
  );
  return CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secret);
}

function secretArn({ partition }: Stack, { account, region, accessKeySecret }: FleetReader) {
  return accessKeySecret === undefined
    ? { secretPartialArn: `arn:${partition}:secretsmanager:${region}:${account}:secret:${SECRET_NAME}` }
    : { secretCompleteArn: accessKeySecret };
}
