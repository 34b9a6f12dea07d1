import { assertTagsFit } from '../../handler/provisioner/aws/stack-tags';
import { type ServerName, type Tags, type Member, nameOf } from '../../handler/provisioner/aws/rds-ports';
import { logClassProblem } from '../../handler/provisioner/log-group/settings';
import { type Decision, decide, refusalOf } from '../../handler/provisioner/statement-logging/decide';
import { noticesFor, pendingReboot, rebootNotice } from '../../handler/provisioner/statement-logging/notices';
import type { Inspection, Observed } from '../../handler/provisioner/statement-logging/observe';
import { type ParameterName, textOf } from '../../handler/provisioner/statement-logging/parameter-group';
import { EXPORT, planFor, recordMeanwhile } from '../../handler/provisioner/statement-logging/plan';
import { tagsOf } from '../../handler/provisioner/statement-logging/record';
import type { StatementLoggingRequest } from '../../handler/provisioner/statement-logging/properties';
import { busyWith, readiness } from '../../handler/provisioner/statement-logging/server-status';
import type { Findings } from './finding';
import { documentation } from '../../private/references';

/** An owner of the length that a construct has: the tags of its record contain it. */
const NEW_OWNER = 'f'.repeat(64);
const DEPLOY_AGAIN = /, then deploy again/;

/** Reports what a deployment does to the statement log of a server, by the rules of the provisioner for a new owner. */
export function planStatementLog(
  findings: Findings,
  { observed, record, doubts }: Inspection,
  desired: StatementLoggingRequest,
): void {
  const { server, group } = observed;
  if (server.unsupported) return;
  reportStatus(findings, observed, desired);
  const decision = decide(observed, record, desired);
  const refusal = refusalOf(observed, decision, desired);
  if (refusal) {
    const [message, next] = splitAdvice(refusal.message);
    findings.prevent('parameter_group', message, next);
  } else {
    const plan = planFor(observed, record, desired);
    const { set } = plan;
    reportTags(
      findings,
      desired.server,
      server.tags,
      tagsOf(recordMeanwhile(observed, record, plan), NEW_OWNER),
    );
    const changes = Object.entries(set?.settings ?? {}).map(
      ([name, value]) => `${name} from ${textOf(group.settings[name as ParameterName])} to ${textOf(value)}`,
    );
    reportGroup(findings, observed, decision, changes.join(' and '));
  }
  for (const doubt of doubts) findings.warn('parameter_group', doubt);
  for (const notice of noticesFor({ ...observed, logGroup: undefined }, decision, desired))
    findings.warn('parameter_group', notice);
  if (observed.others.length > 0)
    findings.ready(
      'parameter_group',
      `${observed.others.length} other ${observed.others.length === 1 ? 'construct of this library manages' : 'constructs of this library manage'} the log too; each keeps what the others need.`,
    );
  if (server.exports.includes(EXPORT))
    findings.ready('log_export', `The log ${EXPORT} is exported to CloudWatch.`);
  else
    findings.change(
      'log_export',
      `The export of the log ${EXPORT} to CloudWatch is turned on, without a reboot.`,
    );
  reportLogGroup(findings, observed, desired);
}

/** Reports that the server has no room for the tags with the record of its original settings. */
function reportTags(findings: Findings, name: ServerName, found: Tags, added: Tags): void {
  try {
    assertTagsFit(nameOf(name), found, added);
  } catch (error) {
    const [message, next] = splitAdvice((error as Error).message);
    findings.prevent('server', message, next);
  }
}

function reportStatus(
  findings: Findings,
  { server }: Observed,
  { server: name }: StatementLoggingRequest,
): void {
  const busy = busyWith(server);
  if (readiness(server.status) === 'stuck')
    findings.prevent(
      'server',
      `The ${nameOf(name)} is ${server.status}: it accepts no changes until somebody intervenes.`,
      server.status.startsWith('stop') ? 'Start it.' : 'Make it available.',
    );
  else if (busy)
    findings.warn('server', `The ${nameOf(name)} ${busy}: a deployment waits up to 50 minutes for it.`);
}

/** Reports the row of the decision table (docs/existing-server.md) that applies. */
function reportGroup(
  findings: Findings,
  { group, server, ownGroup }: Observed,
  decision: Decision,
  changes: string,
): void {
  const value = textOf(group.settings.log_statement);
  const users =
    group.otherUsers.length === 0 ? 'no other server uses it' : `also used by ${group.otherUsers.join(', ')}`;
  if (decision.how === 'keep' || changes === '')
    return findings.ready(
      'parameter_group',
      `${group.name} has log_statement=${value}, which logs enough: it is not changed (${users}).`,
    );
  if (decision.how !== 'own') {
    findings.change(
      'parameter_group',
      `${changes} in ${group.name}, at once and without a reboot (${users}). All other parameters stay.`,
    );
    const pending = pendingReboot(server.members);
    return rebootNotice(pending, group.name).forEach((notice) => findings.warn('reboot', notice));
  }
  const made = ownGroup.slice(0, ownGroup.lastIndexOf('-'));
  findings.change(
    'parameter_group',
    decision.from === 'family'
      ? `${group.name} is a default group of AWS, which nobody can change: a new group of the family ${group.family} (${made}-…) with log_statement=mod is associated.`
      : `${group.name} is ${users}: a copy of it (${made}-…) with log_statement=mod is associated.`,
  );
  findings.warn(
    'reboot',
    `The new parameter group is in effect after a reboot of ${named(server.members)}, which neither the deployment nor a maintenance window starts.`,
    `Reboot at a time that suits you, or set rebootPolicy to RebootPolicy.IF_PENDING: the deployment then reboots ${server.members.length > 1 ? 'the writer, then the readers one by one' : 'it'}. Until then Datafold may derive no lineage.`,
  );
}

const named = (members: readonly Member[]) =>
  [...members]
    .sort((one, other) => Number(other.isWriter) - Number(one.isWriter))
    .map(({ identifier, isWriter }) =>
      isWriter && members.length > 1 ? `${identifier} (writer)` : identifier,
    )
    .join(', ') || 'its instances';

function reportLogGroup(findings: Findings, { logGroup }: Observed, { log }: StatementLoggingRequest): void {
  const name = log.logGroupName;
  if (!logGroup)
    return findings.change(
      'log_group',
      `${name} does not exist yet: it is created in the class STANDARD. It keeps events forever unless you set logRetention.`,
    );
  const wrong = logClassProblem(name, logGroup.logGroupClass);
  if (wrong) return findings.prevent('log_group', wrong.sentence, wrong.next);
  const { retentionInDays, kmsKeyArn, logGroupClass = 'STANDARD' } = logGroup;
  const kept =
    retentionInDays === undefined ? 'events never expire' : `events expire after ${retentionInDays} days`;
  const key = kmsKeyArn === undefined ? 'no customer managed key' : `encrypted with ${kmsKeyArn}`;
  findings.ready('log_group', `${name} exists: class ${logGroupClass}, ${kept}, ${key}. It stays as it is.`);
}

/** Splits a message of the provisioner into what is wrong and what to do. */
function splitAdvice(message: string): [string, string] {
  const end = message.search(/(?<=\. )(?:Remove|Set|Check|Use|Give|Start|Make|Convert|Leaving) /);
  if (end < 0) return [message, `Choose a supported server (${documentation('supported-servers')}).`];
  return [
    message.slice(0, end).replace(', so nothing was changed', '').trim(),
    message.slice(end).replace(DEPLOY_AGAIN, ''),
  ];
}
