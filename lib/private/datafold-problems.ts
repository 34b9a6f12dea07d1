import type { Construct } from 'constructs';
import type { DatafoldPostgresProps } from '../datafold-postgres';
import { LogAccess } from '../log-access';
import { accessProblems } from './access/access-properties';
import { settingsProblems } from './data-source/connection-properties';
import { idleProps } from './idle-props';
import { keyRotationProblems } from './rotation/key-rotation';
import { logAccessProblems, readerProblems } from './statement-log/log-reach';
import { loggingProblems } from './statement-log/logging-problems';

/** Everything that the constructs which are put together would refuse, at once. */
export function datafoldProblems(scope: Construct, props: DatafoldPostgresProps): string[] {
  const hasLog = props.server.logGroupName !== undefined;
  return [
    ...accessProblems(scope, props),
    ...idleProps(props),
    ...(hasLog && (props.statementLogging ?? true) ? loggingProblems(scope, props) : []),
    ...(hasLog ? keyProblems(scope, props) : []),
    ...settingsProblems(props, hasLog),
  ];
}

function keyProblems(scope: Construct, props: DatafoldPostgresProps): string[] {
  const { server, logsReader, logAccess, rotateAccessKey } = props;
  if (logsReader) return readerProblems(scope, logsReader, server._spec);
  return [
    ...logAccessProblems(
      scope,
      (logAccess ?? LogAccess.allLogGroups())._orElse(server.logGroupName),
      server._spec,
    ),
    ...keyRotationProblems(rotateAccessKey),
  ];
}
