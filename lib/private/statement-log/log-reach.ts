import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { CloudWatchLogsReader, ICloudWatchLogsReader } from '../../cloudwatch-logs-reader';
import type { LogAccess } from '../../log-access';
import { isOtherRegion, isWithoutLogOf, logGroupsOf } from './log-group-identity';
import { serverName, type ServerSpec } from '../server/server-spec';

/** What is wrong with a reader for a server: that it is known not to read its log. */
export function readerProblems(
  scope: Construct,
  reader: ICloudWatchLogsReader | undefined,
  server: ServerSpec,
): string[] {
  // Only a reader of this library says what it may read.
  const access = (reader as Partial<CloudWatchLogsReader> | undefined)?._logAccess;
  if (!reader || !access || !excludes(access, reader, scope, server)) return [];
  const { region } = Stack.of(scope);
  const isAway = isOtherRegion(Stack.of(reader).region, region);
  return [
    `\`logsReader\` may not read the statement log of the ${serverName(server)}: add its log group to the \`logAccess\` of ${reader.node.path}, LogAccess.logGroups([…])` +
      (isAway ? `, by its ARN, since it is in ${region}` : ''),
  ];
}

/** The same for a reader that is made for the server. */
export function logAccessProblems(scope: Construct, access: LogAccess, server: ServerSpec): string[] {
  if (access._problems.length > 0 || !excludes(access, scope, scope, server)) return access._problems;
  return [
    `\`logAccess\` must have the statement log of the ${serverName(server)} among its log groups, got: ${access._logGroups!.join(', ')}`,
  ];
}

function excludes(access: LogAccess, reader: IConstruct, scope: Construct, server: ServerSpec): boolean {
  if (server.logGroupName === undefined || !access._logGroups) return false;
  const { region } = Stack.of(scope);
  return access._logGroups.every((group) =>
    isWithoutLogOf(scope, logGroupsOf(group, Stack.of(reader).region), server, region),
  );
}
