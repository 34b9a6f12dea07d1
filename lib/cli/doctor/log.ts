import { judgeLineage } from '../../handler/provisioner/sql/lineage';
import type { Checks } from './check';
import { serverOfLog, type Form } from './form';
import type { DoctorPorts } from './ports';

const NEXT_READ = 'Allow your AWS credentials to describe the server, its parameter group and log groups.';

/** Looks at the parameter group, the export, the log group and the key, and sums up whether lineage can be drawn. */
export async function checkLog(
  checks: Checks,
  ports: DoctorPorts,
  { log }: Form,
  logStatement: string | undefined,
): Promise<void> {
  if (!log) return;
  const { logGroupName, ...key } = log;
  const group = await checks.look('log_group', NEXT_READ, async () => ({
    found: await ports.findLogGroup(logGroupName),
  }));
  if (group?.found)
    checks.ok('log_group', `${logGroupName} is there, ${retention(group.found.retentionInDays)}.`);
  else if (group)
    checks.fail(
      'log_group',
      `There is no log group ${logGroupName}.`,
      'Turn the export of the log on, and check the name.',
    );
  if (group?.found)
    await checks.look(
      'access_key',
      'Deploy with another `revision`, which makes a key that works, and enter it in Datafold. A new key takes seconds to work.',
      async () => {
        await ports.readLog(key, logGroupName);
        checks.ok('access_key', `The key ${log.accessKeyId} reads ${logGroupName} (FilterLogEvents).`);
      },
    );
  await checkServer(checks, ports, logGroupName, group?.found !== undefined, logStatement);
}

async function checkServer(
  checks: Checks,
  ports: DoctorPorts,
  logGroupName: string,
  hasLogGroup: boolean,
  logStatement: string | undefined,
): Promise<void> {
  const name = serverOfLog(logGroupName);
  if (!name) return;
  const looked = await checks.look('parameter_group', NEXT_READ, async () => {
    const server = await ports.findServer(name);
    const value = server && (await ports.readParameter(name, server.groupName, 'log_statement'))?.value;
    return { server, value };
  });
  if (!looked) return;
  const { server, value } = looked;
  if (server) {
    const says = `${server.groupName} has log_statement ${value ?? 'at its default'}`;
    const pending = server.members.filter(({ groupStatus }) => groupStatus !== 'in-sync');
    const status = pending.map(({ identifier, groupStatus }) => `${identifier} is ${groupStatus}`).join(', ');
    if (value !== 'mod' && value !== 'all')
      checks.fail(
        'parameter_group',
        `${says}.`,
        'Deploy with another `revision`: somebody changed or replaced the group.',
      );
    else if (pending.length > 0)
      checks.warn('parameter_group', `${says}, but ${status}.`, 'Reboot these instances at a quiet time.');
    else checks.ok('parameter_group', `${says}, in force on all instances.`);
  }
  const verdict = judgeLineage(logStatement, { server: name, logGroupName }, { server, hasLogGroup });
  if (verdict.ok) checks.ok('lineage_download', verdict.message);
  else if (logStatement === undefined)
    checks.warn(
      'lineage_download',
      'The value in force for the role is not known.',
      'Mend what keeps the role from being tested.',
    );
  else if (verdict.pending) checks.warn('lineage_download', verdict.message, 'Run the doctor again later.');
  else
    checks.fail(
      'lineage_download',
      verdict.message,
      'Deploy with another `revision`: statement logging sets it right.',
    );
}

const retention = (days: number | undefined) =>
  days === undefined ? 'kept forever' : `kept for ${days} days`;
