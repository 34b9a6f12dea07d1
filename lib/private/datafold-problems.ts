import type { Construct } from 'constructs';
import type { DatafoldPostgresProps } from '../datafold-postgres-props';
import { FailurePolicy } from '../failure-policy';
import type { StatementLoggingOptions } from '../statement-logging-props';
import { accessProblems } from './access/access-properties';
import { sslModeProblems } from './data-source/data-source-properties';
import { lineageProofProblems } from './data-source/lineage-proof';
import { registrationProblems } from './data-source/registration';
import { logsUserProblems } from './statement-log/logs-user-problems';
import { loggingProblems } from './statement-log/logging-problems';

/** Returns the problems of all constructs that a `DatafoldPostgres` combines, so that one error reports them. */
export function datafoldProblems(
  scope: Construct,
  props: DatafoldPostgresProps,
  logging: StatementLoggingOptions | undefined,
): string[] {
  const { server, functions, logsUser, verification } = props;
  const hasLog = server.logGroupName !== undefined;
  return [
    ...accessProblems(scope, props),
    ...(logging ? loggingProblems(scope, { ...logging, server, functions }) : []),
    ...(logging ? excludedGrants(props, logging) : []),
    ...(hasLog ? logsUserProblems(scope, logsUser, server._spec) : endpointProblems(props)),
    ...registrationProblems(props.registration),
    ...lineageProofProblems(server, verification?.proveLineage, hasLog),
    ...sslModeProblems(server, props.sslMode),
  ];
}

function endpointProblems({ statementLog, logsUser }: DatafoldPostgresProps): string[] {
  const noLog = 'has no effect on an endpoint, whose log is not in CloudWatch: leave it out';
  return [
    ...(statementLog ? [`\`statementLog\` ${noLog}`] : []),
    ...(logsUser ? [`\`logsUser\` ${noLog}`] : []),
  ];
}

/** Returns problems with databases that are both read and excluded from the statement log, whose verification would always fail. */
function excludedGrants(
  { databases, verification = {} }: DatafoldPostgresProps,
  { excludedDatabases = [] }: StatementLoggingOptions,
): string[] {
  if (verification.onNoLineage === FailurePolicy.WARN && !verification.proveLineage) return [];
  return databases
    .filter(({ databaseName }) => excludedDatabases.includes(databaseName))
    .map(
      ({ databaseName }) =>
        `\`excludedDatabases\` must not name a database of \`databases\`, or Datafold gets no lineage of it, got: ${databaseName}. Leave it out of one of the two, or say that this is meant by \`verification: { onNoLineage: FailurePolicy.WARN }\` without \`proveLineage\``,
    );
}
