import { aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CloudWatchLogsUser, type ICloudWatchLogsUser } from '../../lib';
import { importSecret } from '../server/import-secret';
import type { FleetLogsUser } from './fleet';

/** The fixed name of the secret, since a stack cannot refer to a secret of another region by a token. */
const SECRET_NAME = 'datafold/logs-user-key';

/** Creates the stack of the logs user of an account. */
export function logsUserStack(scope: Construct, logsUser: FleetLogsUser): Stack {
  const { account, region } = logsUser;
  const stack = new Stack(scope, `${account}-${region}-logs-user`, {
    stackName: 'datafold-logs-user',
    description: 'Datafold on PostgreSQL: the logs user of the statement logs of this account',
    env: { account, region },
  });
  new CloudWatchLogsUser(stack, 'LogsUser', { secretName: SECRET_NAME });
  return stack;
}

/** Imports the logs user into a stack of any region of the account. */
export function importLogsUser(stack: Stack, logsUser: FleetLogsUser): ICloudWatchLogsUser {
  const accessKeySecret = secretOf(stack, logsUser);
  return CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'LogsUser', { accessKeySecret });
}

function secretOf(stack: Stack, logsUser: FleetLogsUser): secretsmanager.ISecret {
  const { account, region, accessKeySecret, accessKeySecretKey } = logsUser;
  const id = 'AccessKeySecret';
  if (accessKeySecret !== undefined) return importSecret(stack, id, accessKeySecret, accessKeySecretKey);
  const arn = `arn:${stack.partition}:secretsmanager:${region}:${account}:secret:${SECRET_NAME}`;
  return secretsmanager.Secret.fromSecretPartialArn(stack, id, arn);
}
