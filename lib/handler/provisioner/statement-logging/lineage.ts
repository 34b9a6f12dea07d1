import { AwsFailure } from '../aws/failure';
import { nameOf, type ServerName, type ServerState } from '../aws/rds-ports';
import type { Fields } from '../runtime/fields';
import { parseServerName } from '../sql-client/server-target';
import { logsEnough } from './parameter-group';
import type { Run } from '../aws/run';
import { logClassProblem } from '../log-group/settings';

/** Where the statement log of a server is. */
export interface StatementLogPlace {
  readonly server: ServerName;
  readonly logGroupName: string;
}

/** Parses the server and the log group of a statement log. */
export function parseLogPlace(fields: Fields): StatementLogPlace {
  return { server: parseServerName(fields), logGroupName: fields.text('logGroupName') };
}

/** The state of a statement log in RDS and CloudWatch Logs. */
export interface LogState {
  /** Undefined if RDS has no such server. */
  readonly server?: Pick<ServerState, 'identifier' | 'exports' | 'exportsPending' | 'members'>;
  readonly hasLogGroup: boolean;
  /** The class of the log group; undefined means STANDARD. */
  readonly logGroupClass?: string;
  /** Why the state could not be read. */
  readonly unknown?: string;
}

/** Whether Datafold can find the statements in the log. */
export interface LineageVerdict {
  readonly ok: boolean;
  /** What a correct setup still waits for: RDS, a reboot, or the permission to read its state. */
  readonly pending: 'soon' | 'reboot' | 'unknown' | undefined;
  readonly message: string;
  /** True if Datafold can't read the class of the log group; the message says what to do. */
  readonly isWrongClass?: boolean;
}

/** The reason for a missing log group of a server that exports its log. */
export function noLogGroupYet(name: string): string {
  return `the log group ${name} does not exist yet: RDS creates it with the first lines.`;
}

/** Reads the state of the log. A denied read makes the state unknown instead of failing. */
export async function readLogState(run: Run, { server, logGroupName }: StatementLogPlace): Promise<LogState> {
  const { rds, logs } = run.aws;
  try {
    const found = await run.call(nameOf(server), () => rds.find(server));
    const group = await run.call(`log group ${logGroupName}`, () => logs.find(logGroupName));
    return { server: found, hasLogGroup: group !== undefined, logGroupClass: group?.logGroupClass };
  } catch (error) {
    if (error instanceof AwsFailure) return { hasLogGroup: false, unknown: error.message };
    throw error;
  }
}

/** Evaluates log_statement as it is in effect for the role's sessions, and the state of the log. */
export function judgeLineage(
  logStatement: string | undefined,
  place: StatementLogPlace,
  state: LogState,
): LineageVerdict {
  const value = `log_statement is ${logStatement ?? 'not known'}`;
  const not = (pending: LineageVerdict['pending'], message: string) => ({ ok: false, pending, message });
  const name = nameOf(place.server);
  if (state.unknown !== undefined)
    return not('unknown', `${value}; whether the log is exported is not known: ${state.unknown}`);
  if (!state.server) return not(undefined, `${value}; RDS has no ${name} in this account and region.`);
  const wrongClass = logClassProblem(place.logGroupName, state.logGroupClass);
  if (wrongClass)
    return {
      ...not(
        undefined,
        `${value}, but ${wrongClass.what}. ${wrongClass.next} Then deploy with another \`revision\`.`,
      ),
      isWrongClass: true,
    };
  if (!logsEnough(logStatement)) return notInEffect(value, name, state.server.members);
  const { exports, exportsPending } = state.server;
  if (!exports.includes('postgresql'))
    return exportsPending
      ? not('soon', `${value}; RDS is turning on the export of the log of ${name}.`)
      : not(
          undefined,
          `${value}, but the ${name} does not export its log postgresql to CloudWatch. Turn the export on.`,
        );
  if (!state.hasLogGroup)
    return not('soon', `${value} and the log is exported, but ${noLogGroupYet(place.logGroupName)}`);
  return { ok: true, pending: undefined, message: `${value}; the log is exported to ${place.logGroupName}.` };
}

function notInEffect(value: string, name: string, members: ServerState['members']): LineageVerdict {
  const waiting = (status: string) =>
    members.filter(({ groupStatus }) => groupStatus === status).map(({ identifier }) => identifier);
  const reboot = waiting('pending-reboot');
  if (reboot.length > 0)
    return {
      ok: false,
      pending: 'reboot',
      message: `${value}: the parameter group of ${name} is in effect after a reboot of ${reboot.join(', ')}. Reboot at a quiet time${reboot.length > 1 ? ', the writer first' : ''}.`,
    };
  if (waiting('applying').length > 0)
    return { ok: false, pending: 'soon', message: `${value}: RDS is applying the parameters of ${name}.` };
  const cause =
    'the parameter group does not set it, or a group of the instance, the database or the role sets it';
  return {
    ok: false,
    pending: undefined,
    message: `${value} for the role; column-level lineage needs mod or all. Likely ${cause} otherwise (look in pg_db_role_setting and in the groups of ${name}).`,
  };
}
