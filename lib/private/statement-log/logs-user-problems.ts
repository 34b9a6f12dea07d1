import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { ICloudWatchLogsUser } from '../../cloudwatch-logs-user';
import type { LogAccess } from '../../log-access';
import { isOtherRegion, isWithoutLogOf, logGroupsOf } from './log-group-identity';
import { serverName, type ServerSpec } from '../server/server-spec';

/** Returns a problem if the logs user certainly may not read the log of the server. */
export function logsUserProblems(
  scope: Construct,
  logsUser: ICloudWatchLogsUser | undefined,
  server: ServerSpec,
): string[] {
  const { logAccess } = logsUser ?? {};
  if (!logsUser || !logAccess || !excludes(logAccess, logsUser, scope, server)) return [];
  const { region } = Stack.of(scope);
  const isAway = isOtherRegion(Stack.of(logsUser).region, region);
  return [
    `\`logsUser\` may not read the statement log of the ${serverName(server)}: add its log group to the \`logAccess\` of ${logsUser.node.path}, LogAccess.logGroups([…])` +
      (isAway ? `, by its ARN, since it is in ${region}` : ''),
  ];
}

function excludes(access: LogAccess, logsUser: IConstruct, scope: Construct, server: ServerSpec): boolean {
  const named = access._named(Stack.of(logsUser));
  if (server.logGroupName === undefined || !named) return false;
  const { region } = Stack.of(scope);
  return named.every((group) =>
    isWithoutLogOf(scope, logGroupsOf(group, Stack.of(logsUser).region), server, region),
  );
}
