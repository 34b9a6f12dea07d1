import type { Member } from '../aws/rds-ports';
import { logClassProblem } from '../log-group/settings';
import type { Decision } from './decide';
import type { Observed } from './observe';
import { logsEnough, type ParameterName, textOf } from './parameter-group';
import { EXPORT, type Plan, planFor } from './plan';
import type { StatementLoggingRequest } from './properties';
import type { LoggingRecord } from './record';

const STACK_TAG = 'aws:cloudformation:stack-name';

/** Returns the notices about a server that was set up. */
export function noticesFor(
  { server, group, overrides, logGroup, ownGroup }: Observed,
  { how }: Decision,
  { server: { kind, identifier }, log }: StatementLoggingRequest,
): string[] {
  const notices: string[] = [];
  const stack = server.tags[STACK_TAG];
  const own = how === 'own' || group.name === ownGroup;
  if (stack && kind === 'cluster' && own)
    notices.push(
      `The cluster ${identifier} belongs to the CloudFormation stack ${stack}: its next update of the cluster restores its own parameter group, which ends the statement logging. Use StatementLogging in the app of that stack instead.`,
    );
  else if (stack)
    notices.push(
      `The ${kind} ${identifier} belongs to the CloudFormation stack ${stack}: a change of the parameter group or the log exports in that stack may end the statement logging. Use StatementLogging in the app of that stack if you can.`,
    );
  if (how === 'change' && !own && group.otherUsers.length > 0)
    notices.push(
      `The parameter group ${group.name} is used by ${group.otherUsers.join(', ')} too: their statements are logged as well.`,
    );
  for (const { instance, group: winner, logStatement } of overrides.filter(
    (o) => !logsEnough(o.logStatement),
  ))
    notices.push(
      `The parameter group ${winner} of the instance ${instance} sets log_statement=${logStatement}, which overrides the group of the cluster. Set log_statement to mod there, or reset it.`,
    );
  const wrongClass = logClassProblem(log.logGroupName, logGroup?.logGroupClass);
  if (wrongClass) notices.push(`${wrongClass.sentence} ${wrongClass.next}`);
  const kept = logGroup?.retentionInDays;
  if (!log.shortenLogRetention && kept && log.logRetention && kept > log.logRetention)
    notices.push(
      `The log group ${log.logGroupName} keeps its retention of ${kept} days, which is longer than the ${log.logRetention} that are requested. To shorten it, use LogRetention.exactly, or shortenLogRetention in an app without code.`,
    );
  return notices;
}

/** Returns the instances on which the parameter group is not in effect yet. */
export function pendingReboot(members: readonly Member[]): string[] {
  return members.filter(({ groupStatus }) => groupStatus === 'pending-reboot').map((m) => m.identifier);
}

/** Returns the notice about instances that need a reboot. */
export function rebootNotice(pending: readonly string[], group: string): string[] {
  if (pending.length === 0) return [];
  return [
    `The parameter group ${group} is in effect on ${pending.join(', ')} only after a reboot, which neither RDS nor a maintenance window starts. Reboot at a time that suits you${pending.length > 1 ? ' (the writer first)' : ''}, or set rebootPolicy to RebootPolicy.IF_PENDING. Until then Datafold may derive no lineage.`,
  ];
}

/** Returns a sentence for each difference between a server and the settings that were set up as `desired`. */
export function driftOf(
  observed: Observed,
  record: LoggingRecord,
  desired: StatementLoggingRequest,
): string[] {
  try {
    return differences(observed, record, planFor(observed, record, desired));
  } catch (refusal) {
    return [(refusal as Error).message];
  }
}

function differences({ server, group }: Observed, record: LoggingRecord, plan: Plan): string[] {
  const drift: string[] = [];
  if (record.own && record.own.name !== group.name)
    drift.push(`The parameter group is ${group.name} instead of ${record.own.name}.`);
  else if (plan.associate) drift.push(`The parameter group ${group.name} does not log the statements.`);
  else
    for (const [name, desired] of Object.entries(plan.set?.settings ?? {}))
      drift.push(
        `The parameter ${name} of the group ${group.name} is ${textOf(group.settings[name as ParameterName])} instead of ${textOf(desired)}.`,
      );
  if (plan.enableExport)
    drift.push(`The log ${EXPORT} of ${server.identifier} is not exported to CloudWatch.`);
  return drift;
}
