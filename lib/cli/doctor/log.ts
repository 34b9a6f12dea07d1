import type { ServerName, ServerState } from '../../handler/provisioner/aws/rds-ports';
import { logsEnough } from '../../handler/provisioner/statement-logging/parameter-group';
import {
  judgeLineage,
  type LineageVerdict,
  noLogGroupYet,
} from '../../handler/provisioner/statement-logging/lineage';
import { logClassProblem } from '../../handler/provisioner/log-group/settings';
import type { Checks } from './check';
import { serverOfLog, type Form } from './form';
import type { DoctorPorts } from './ports';

const LATER = 'Run the doctor again later.';
const NEXT_READ = 'Allow your AWS credentials to describe the server, its parameter group and log groups.';

/** Checks the parameter group, the export, the log group and the key, and whether lineage can be derived. */
export async function checkLog(
  checks: Checks,
  ports: DoctorPorts,
  { log }: Form,
  logStatement: string | undefined,
): Promise<void> {
  if (!log) return;
  const { logGroupName, ...key } = log;
  const group = await checks.attempt('log_group', NEXT_READ, async () => ({
    found: await ports.findLogGroup(logGroupName),
  }));
  const wrongClass = logClassProblem(logGroupName, group?.found?.logGroupClass);
  if (wrongClass) {
    checks.fail('log_group', wrongClass.sentence, wrongClass.next);
  } else if (group?.found) {
    checks.ok('log_group', `${logGroupName} exists, ${retention(group.found.retentionInDays)}.`);
    await checks.attempt(
      'access_key',
      'Deploy with another `revision`, which makes a key that works, and enter it in Datafold. A new key takes seconds to work. A key that has `sourceIps` is denied here (AccessDenied), and works for Datafold.',
      async () => {
        await ports.readLog(key, logGroupName);
        checks.ok('access_key', `The key ${log.accessKeyId} reads ${logGroupName} (FilterLogEvents).`);
      },
    );
  }
  const name = serverOfLog(logGroupName);
  const inspected = name ? await inspectServer(checks, ports, name) : undefined;
  if (group && !group.found) reportMissingGroup(checks, logGroupName, inspected);
  if (!name || !inspected) return;
  const { server } = inspected;
  if (server) checkGroup(checks, server, inspected.value);
  if (wrongClass) return; // reported above; no lineage can be derived
  const state = { server, hasLogGroup: group?.found !== undefined };
  checkLineage(checks, logStatement, judgeLineage(logStatement, { server: name, logGroupName }, state));
}

interface ServerInspection {
  readonly server?: ServerState;
  /** The value of log_statement in the parameter group. */
  readonly value?: string;
}

async function inspectServer(
  checks: Checks,
  ports: DoctorPorts,
  name: ServerName,
): Promise<ServerInspection | undefined> {
  return checks.attempt('parameter_group', NEXT_READ, async () => {
    const server = await ports.findServer(name);
    const value = server && (await ports.readParameter(name, server.groupName, 'log_statement'))?.value;
    return { server, value };
  });
}

/** RDS creates the log group minutes after the export was turned on. */
function reportMissingGroup(
  checks: Checks,
  logGroupName: string,
  { server, value }: ServerInspection = {},
): void {
  const exports = server && (server.exports.includes('postgresql') || server.exportsPending);
  if (exports && logsEnough(value)) {
    const message = noLogGroupYet(logGroupName);
    checks.warn('log_group', message[0].toUpperCase() + message.slice(1), LATER);
  } else
    checks.fail(
      'log_group',
      `There is no log group ${logGroupName}.`,
      'Turn the export of the log on, and check the name.',
    );
}

function checkGroup(checks: Checks, { groupName, members }: ServerState, value: string | undefined): void {
  const found = `${groupName} has log_statement ${value ?? 'at its default'}`;
  const pending = members.filter(({ groupStatus }) => groupStatus !== 'in-sync');
  const status = pending.map(({ identifier, groupStatus }) => `${identifier} is ${groupStatus}`).join(', ');
  if (!logsEnough(value))
    checks.fail(
      'parameter_group',
      `${found}.`,
      'Deploy with another `revision`: somebody changed or replaced the group.',
    );
  else if (pending.length > 0)
    checks.warn('parameter_group', `${found}, but ${status}.`, 'Reboot these instances at a quiet time.');
  else checks.ok('parameter_group', `${found}, in effect on all instances.`);
}

function checkLineage(
  checks: Checks,
  logStatement: string | undefined,
  { ok, pending, message }: LineageVerdict,
): void {
  if (ok) checks.ok('lineage_download', message);
  else if (logStatement === undefined)
    checks.warn(
      'lineage_download',
      'The value of log_statement in effect for the role is not known.',
      'Fix whatever prevents the test of the role.',
    );
  else if (pending)
    checks.warn(
      'lineage_download',
      message,
      pending === 'reboot' ? 'Run the doctor again after the reboot.' : LATER,
    );
  else
    checks.fail('lineage_download', message, 'Deploy with another `revision`: StatementLogging repairs it.');
}

const retention = (days: number | undefined) =>
  days === undefined ? 'kept forever' : `kept for ${days} days`;
