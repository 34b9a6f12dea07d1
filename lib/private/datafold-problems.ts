import type { Construct } from 'constructs';
import type { DatafoldPostgresProps } from '../datafold-postgres';
import { accessProblems } from './access/access-properties';
import { settingsProblems } from './data-source/data-source-properties';
import { idleProps } from './idle-props';
import { keyRotationProblems } from './rotation/key-rotation';
import { logAccessProblems, logsUserProblems } from './statement-log/log-reach';
import { sourceIpProblems } from './statement-log/source-ips';
import { loggingProblems } from './statement-log/logging-problems';
import { VerificationPolicy } from '../verification-policy';

/** Everything that the constructs which are put together would refuse, at once. */
export function datafoldProblems(scope: Construct, props: DatafoldPostgresProps): string[] {
  const hasLog = props.server.logGroupName !== undefined;
  return [
    ...accessProblems(scope, props),
    ...idleProps(props),
    ...excludedGrants(props),
    ...(hasLog && (props.statementLogging ?? true) ? loggingProblems(scope, props) : []),
    ...(hasLog ? keyProblems(scope, props) : []),
    ...settingsProblems(props, hasLog),
  ];
}

/** Nothing that is run in an excluded database is logged: its verification and its proof could only fail. */
function excludedGrants(props: DatafoldPostgresProps): string[] {
  const { databases, excludedDatabases = [], lineageVerification, proveLineage } = props;
  if (lineageVerification === VerificationPolicy.WARN && !proveLineage) return [];
  return databases
    .filter(({ databaseName }) => excludedDatabases.includes(databaseName))
    .map(
      ({ databaseName }) =>
        `\`excludedDatabases\` must not name a database of \`databases\`, or Datafold gets no lineage of it, got: ${databaseName}. Leave it out of one of the two, or say that this is meant by \`lineageVerification: VerificationPolicy.WARN\` without \`proveLineage\``,
    );
}

function keyProblems(scope: Construct, props: DatafoldPostgresProps): string[] {
  const { server, logsUser, logAccess, rotateAccessKey, sourceIps } = props;
  if (logsUser) return logsUserProblems(scope, logsUser, server._spec);
  return [
    ...(logAccess ? logAccessProblems(scope, logAccess._orElse(server.logGroupName), server._spec) : []),
    ...sourceIpProblems(sourceIps),
    ...keyRotationProblems(rotateAccessKey),
  ];
}
