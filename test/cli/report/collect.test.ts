import { collectLog, type CollectPorts } from '../../../lib/cli/doctor/report/collect';
import type { ServerState } from '../../../lib/handler/provisioner/aws/rds-ports';
import { sampleLog } from '../support/sample-log';
import { FROM, HOURS, LOG_GROUP, portsFor, reportOn, TO } from '../support/sample-report';

const HOUR_MS = 3_600_000;
const server = (...identifiers: string[]) => ({
  findServer: async () =>
    ({ members: identifiers.map((identifier) => ({ identifier })) }) as unknown as ServerState,
});

async function collect(more: Partial<CollectPorts>, events = sampleLog(FROM, HOURS), maxBytes = 1e9) {
  const target = { logGroupName: LOG_GROUP, region: 'us-east-1', datafoldRoles: ['datafold'] };
  return collectLog(portsFor(events, more), target, { from: FROM, to: TO, maxBytes }, () => undefined);
}

test('finds the edges of the log, through temporary tables and renames', async () => {
  const [log] = (await reportOn(sampleLog(FROM, HOURS))).logs;
  const edges = log.coverage.edges.map(({ source, target, kind }) => `${source} ${kind} ${target}`);
  expect(edges.sort()).toEqual([
    'finance.targets data marts.revenue',
    'ledger.invoices data ledger.entries',
    'marts.churn data reporting.board',
    'marts.revenue data reporting.board',
    'marts.revenue data scratch',
    'marts.revenue__dbt_tmp renamed marts.revenue',
    'sales.addresses data staging.customers',
    'sales.customers data staging.customers',
    'sales.orders data marts.recent_orders',
    'sales.orders data staging.orders',
    'staging.customers data marts.churn',
    'staging.customers data marts.revenue__dbt_tmp',
    'staging.orders data marts.revenue__dbt_tmp',
  ]);
});

test('counts by hour, and the sum is that of the log', async () => {
  const { hours, coverage } = await collect({});
  expect(hours.map(({ hour }) => hour)).toEqual([0, 1, 2, 3].map((i) => FROM + i * HOUR_MS));
  const sum = (key: 'statements' | 'bytes' | 'carrying') => hours.reduce((all, one) => all + one[key], 0);
  expect([sum('statements'), sum('bytes'), sum('carrying')]).toEqual([
    coverage.statements,
    coverage.bytes,
    coverage.carrying,
  ]);
});

test('names roles that write without lineage, with their share, and not the role of Datafold', async () => {
  const events = sampleLog(FROM, HOURS, [
    { role: 'datafold', sql: 'INSERT INTO datafold_tmp.test_connection VALUES (1)' },
  ]);
  const { excludable, coverage } = await collect({}, events);
  expect(excludable.map(({ role }) => role)).toEqual(['app', 'cron']);
  expect(excludable[0].share).toBeCloseTo(excludable[0].bytes / coverage.statementBytes);
});

test('finds no gap in a complete log', async () => {
  expect((await collect(server('shop-1', 'shop-2'))).gaps).toEqual([]);
});

test('finds deleted log files, silent instances, and a retention that is too short', async () => {
  const events = sampleLog(FROM, HOURS).filter(
    ({ stream, at }) => stream !== 'shop-1.0' || at < FROM + HOUR_MS || at >= FROM + 3 * HOUR_MS,
  );
  const { gaps } = await collect(
    {
      ...server('shop-1', 'shop-2', 'shop-3'),
      findLogGroup: async () => ({ retentionInDays: 0.1 }),
      eventsOf: async (instance) =>
        instance === 'shop-1' ? [{ at: TO - HOUR_MS, message: 'Deleted log files before publishing.' }] : [],
    },
    events,
  );
  expect(gaps.map(({ what }) => what)).toEqual([
    'Aurora deleted log files of the instance shop-1 once in 14 days, perhaps before they were published to CloudWatch (RDS-EVENT-0610, 0611): Datafold derives no lineage from statements in them. The last time, 2026-11-28T11:00:00.000Z: Deleted log files before publishing.',
    'shop-1 wrote nothing to the log group in 2 hours (2026-11-28 09:00 to 11:00 UTC).',
    'shop-3 wrote nothing to the log group.',
    'The log group keeps its events for 0.1 days, which is less than the time of this report.',
  ]);
});

test('reports a log class without FilterLogEvents, and events that can not be read', async () => {
  const { gaps } = await collect({
    ...server('shop-1'),
    findLogGroup: async () => ({ logGroupClass: 'INFREQUENT_ACCESS' }),
    eventsOf: async () => Promise.reject(new Error('AccessDenied')),
  });
  expect(gaps[0].what).toMatch(/INFREQUENT_ACCESS/);
  expect(gaps[1]).toEqual({
    what: 'It is not known whether Aurora deleted log files of shop-1, because its events could not be read.',
    next: 'Allow rds:DescribeEvents for your AWS credentials.',
  });
});

test('takes no hour that was read in part for a silence', async () => {
  const { sampling, gaps, hours } = await collect(server('shop-1', 'shop-2'), sampleLog(FROM, HOURS), 20_000);
  expect(sampling.completeParts).toBeLessThan(sampling.parts);
  expect(hours.some(({ isComplete }) => !isComplete)).toBe(true);
  expect(gaps).toEqual([]);
});
