import type { ServerName } from '../../../handler/provisioner/aws/rds-ports';
import { CoverageMeter, UNKNOWN, type Coverage } from '../../lineage/coverage';
import { loadParser } from '../../lineage/parse';
import type { LogEvent } from '../../statement-log/entry';
import { StatementReader } from '../../statement-log/statement-reader';
import { serverOfLog } from '../form';
import type { DoctorPorts } from '../ports';
import { findGaps } from './gaps';
import type { ExcludableRole, LogReport } from './model';
import { readLog, type LogRange } from './read-log';
import { Timeline } from './timeline';

/** How long RDS keeps events. */
const EVENT_WINDOW_MINUTES = 14 * 24 * 60;

/** The log group to report on. */
export interface LogTarget {
  readonly logGroupName: string;
  readonly region: string;
  /** The roles of Datafold, whose statements are those of its tests. */
  readonly datafoldRoles: readonly string[];
}

export type CollectPorts = Pick<DoctorPorts, 'readEvents' | 'findServer' | 'findLogGroup' | 'eventsOf'>;

/** Reads a log group and everything that says what is missing in it. */
export async function collectLog(
  ports: CollectPorts,
  { logGroupName, region, datafoldRoles }: LogTarget,
  range: LogRange,
  progress: (done: number, total: number, bytes: number) => void,
): Promise<LogReport> {
  const instances = await instancesOf(ports, serverOfLog(logGroupName));
  const group = await ports.findLogGroup(logGroupName).catch(() => undefined);
  const timeline = new Timeline(range.from, range.to, instances);
  const meter = new CoverageMeter(await loadParser(), ({ at }, carries) => timeline.statement(at, carries));
  const reader = new StatementReader(meter);
  const sink = {
    event: (event: LogEvent, bytes: number) => {
      timeline.event(event, bytes);
      reader.read(event);
    },
    cut: (at: number) => {
      reader.end();
      meter.endSessions();
      timeline.cut(at);
    },
  };
  const sampling = await readLog(
    async (query) => ports.readEvents(query),
    { logGroupName, region },
    range,
    sink,
    progress,
  );
  reader.end();
  const coverage = meter.result();
  const presence = timeline.presence();
  const events = await Promise.all(
    instances.map(async (instance) => ({
      instance,
      events: await ports.eventsOf(instance, EVENT_WINDOW_MINUTES).catch(() => undefined),
    })),
  );
  return {
    logGroupName,
    from: range.from,
    to: range.to,
    sampling,
    coverage,
    hours: timeline.hourCounts(),
    instances: presence,
    gaps: findGaps({ logGroupName, group, events }, presence, range, sampling),
    excludable: excludableRoles(coverage, datafoldRoles),
  };
}

/** The instances of a server; none if the server can't be read, which the checks report. */
async function instancesOf(ports: CollectPorts, server: ServerName | undefined): Promise<string[]> {
  if (!server) return [];
  const found = await ports.findServer(server).catch(() => undefined);
  return (found?.members ?? []).map(({ identifier }) => identifier);
}

/** The roles that write without lineage, for `excludedRoles`; those with statements that can't be followed are not meant. */
function excludableRoles(
  { roles, statementBytes }: Coverage,
  datafoldRoles: readonly string[],
): ExcludableRole[] {
  return roles
    .filter(({ carrying, hidden }) => carrying === 0 && hidden === 0)
    .filter(({ name }) => name !== UNKNOWN && name !== 'rdsadmin' && !datafoldRoles.includes(name))
    .map(({ name, statements, bytes }) => ({ role: name, statements, bytes, share: bytes / statementBytes }));
}
