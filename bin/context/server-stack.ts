import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CloudWatchLogsUser, type ICloudWatchLogsUser } from '../../lib';
import { addOutputs } from '../server/add-outputs';
import { addServer } from '../server/add-server';
import { importSecret } from '../server/import-secret';
import { serverName, type ServerSettings } from '../settings/settings';
import type { Target } from './read-context';

/** Creates the stack of one server from the context. */
export function serverStack(scope: Construct, settings: ServerSettings, target: Target): Stack {
  const { account, region } = target;
  const stack = new Stack(scope, `datafold-${settings.stack ?? serverName(settings)}`, {
    description: 'Datafold on PostgreSQL: role, statement log and data sources of one server',
    env: { account, region },
  });
  addOutputs(stack, addServer(stack, settings, importLogsUser(stack, target)));
  return stack;
}

/** Imports the logs user; returns undefined if the server gets a new one. */
function importLogsUser(stack: Stack, target: Target): ICloudWatchLogsUser | undefined {
  const { accessKeySecret, accessKeySecretKey } = target;
  if (accessKeySecret === undefined) return undefined;
  return CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'LogsUser', {
    accessKeySecret: importSecret(stack, 'AccessKeySecret', accessKeySecret, accessKeySecretKey),
  });
}
