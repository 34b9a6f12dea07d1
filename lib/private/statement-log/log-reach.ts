import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { CloudWatchLogsUser, ICloudWatchLogsUser } from '../../cloudwatch-logs-user';
import type { LogAccess } from '../../log-access';
import { isOtherRegion, isWithoutLogOf, logGroupsOf } from './log-group-identity';
import { serverName, type ServerSpec } from '../server/server-spec';

/** What is wrong with a logs user for a server: that it is known not to read its log. */
export function logsUserProblems(
  scope: Construct,
  logsUser: ICloudWatchLogsUser | undefined,
  server: ServerSpec,
): string[] {
  // Only a logs user of this library says what it may read.
  const access = (logsUser as Partial<CloudWatchLogsUser> | undefined)?._logAccess;
  if (!logsUser || !access || !excludes(access, logsUser, scope, server)) return [];
  const { region } = Stack.of(scope);
  const isAway = isOtherRegion(Stack.of(logsUser).region, region);
  return [
    `\`logsUser\` may not read the statement log of the ${serverName(server)}: add its log group to the \`logAccess\` of ${logsUser.node.path}, LogAccess.logGroups([…])` +
      (isAway ? `, by its ARN, since it is in ${region}` : ''),
  ];
}

/** The same for a logs user that is made for the server. */
export function logAccessProblems(scope: Construct, access: LogAccess, server: ServerSpec): string[] {
  if (access._problems.length > 0 || !excludes(access, scope, scope, server)) return access._problems;
  return [
    `\`logAccess\` must have the statement log of the ${serverName(server)} among its log groups, got: ${access._logGroups!.join(', ')}`,
  ];
}

function excludes(access: LogAccess, logsUser: IConstruct, scope: Construct, server: ServerSpec): boolean {
  if (server.logGroupName === undefined || !access._logGroups) return false;
  const { region } = Stack.of(scope);
  return access._logGroups.every((group) =>
    isWithoutLogOf(scope, logGroupsOf(group, Stack.of(logsUser).region), server, region),
  );
}
