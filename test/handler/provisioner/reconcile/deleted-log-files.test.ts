import { findingsOfEvents } from '../../../../lib/handler/provisioner/reconcile/deleted-log-files';
import { PROPERTIES, setUpAccess } from '../support/access';
import { TestEnvironment } from '../support/test-environment';
import { findingsIn, reconcileTask } from '../support/reconcile';

const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const DAY = 24 * 60 * 60_000;
const task = reconcileTask({
  properties: { ...PROPERTIES, statementLog: { ...CLUSTER, logGroupName: LOG_GROUP } },
  repair: 'false',
});

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  await setUpAccess(environment).resource.create(PROPERTIES);
  environment.rds.describe(CLUSTER);
  environment.logs.add(LOG_GROUP);
});
afterEach(async () => environment.stop());

const findings = () => findingsIn(environment);

test('deleted log files are a finding with the newest event, and no failure of the verification', async () => {
  const at = Date.parse('2026-11-20T10:00:00Z');
  environment.rds.events.set('shop-1', [
    { at: at - DAY, message: 'Deleted the log file error/postgresql.log.1 past its retention.' },
    { at, message: 'Deleted the log file error/postgresql.log.2 because of storage.' },
    { at: at + DAY, message: 'DB instance restarted' },
  ]);
  await environment.tasks(task);
  expect(findings()).toEqual([
    {
      kind: 'lost-log',
      finding:
        'Aurora deleted log files of the instance shop-1 2 times in 14 days, perhaps before they were published to CloudWatch (RDS-EVENT-0610, 0611): Datafold derives no lineage from statements in them. The last time, 2026-11-20T10:00:00.000Z: Deleted the log file error/postgresql.log.2 because of storage.',
      next: 'Log fewer statements (`excludedRoles`, `excludedDatabases`, `logBindValues: false`), or give the instance a class with more storage for log files.',
    },
  ]);
  expect(environment.log).toContainEqual(expect.objectContaining({ Drift: 0, VerificationFailed: 0 }));
});

test('a server without such events has no finding', async () => {
  await environment.tasks(task);
  expect(findings()).toEqual([]);
});

test('a denied read of the events is a finding, and the other parts run', async () => {
  environment.faults.fail('rds:DescribeEvents', 'AccessDenied');
  await environment.tasks(task);
  expect(findings()).toEqual([
    expect.objectContaining({
      kind: 'skipped',
      finding: expect.stringMatching(
        /^It is not known whether Aurora deleted log files of shop-1: rds:DescribeEvents on instance shop-1 failed with AccessDenied\. /,
      ) as string,
    }),
  ]);
  expect(environment.functions.requests.map(({ operation }) => operation)).toContain('verify');
});

test('other events are ignored', () => {
  const at = 0;
  expect(
    findingsOfEvents('shop-1', [
      { at, message: 'Deleted user snapshot' },
      { at, message: 'The log file volume is at 90 percent.' },
    ]),
  ).toEqual([]);
});
