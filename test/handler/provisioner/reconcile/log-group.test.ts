import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, setUpAccess } from '../support/access';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';
import { findingsIn, reconcileTask } from '../support/reconcile';

const NAME = '/aws/rds/cluster/shop/postgresql';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const DESIRED: LogGroupProperties = { logGroupName: NAME, logRetention: '30', logEncryptionKey: KEY };

let environment: TestEnvironment;
let resource: StackResource<LogGroupProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  await setUpAccess(environment).resource.create(PROPERTIES);
  environment.logs.add(NAME, { retentionInDays: 7 });
  resource = new StackResource(environment, 'Custom::DatafoldLogGroup', 'LogGroup');
  await resource.create(DESIRED);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  environment.lines.length = 0;
});
afterEach(async () => environment.stop());

const group = () => environment.logs.groupOf(NAME);
const reconcile = async (repair: 'true' | 'false') => {
  environment.lines.length = 0;
  const task = reconcileTask({
    repair,
    logGroup: { logicalResourceId: 'LogGroup', properties: DESIRED },
  });
  await environment.tasks(task);
  return findingsIn(environment);
};
const metrics = () => environment.log.filter((line) => 'ReconcileDuration' in line && '_aws' in line);
const MISSING = `The log group ${NAME} was deleted and created again: it lacks its retention of 30 days and its key ${KEY}.`;

function makeAnew(): void {
  environment.logs.drop(NAME);
  environment.logs.add(NAME);
}

test('a log group in its deployed state has no finding', async () => {
  expect(await reconcile('true')).toEqual([]);
  expect(metrics()).toEqual([expect.objectContaining({ Drift: 0, VerificationFailed: 0 })]);
});

test('a log group that was created again is a finding', async () => {
  makeAnew();
  expect(await reconcile('false')).toEqual([
    {
      kind: 'drift',
      finding: MISSING,
      next: 'Deploy with another `revision`, or let `reconcile` repair it.',
    },
  ]);
  expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 0 })]);
  expect(group()).toEqual({});
});

test('a repair sets up the log group again; the removal restores the settings of RDS', async () => {
  makeAnew();
  expect(await reconcile('true')).toEqual([
    { kind: 'drift', finding: MISSING, next: 'Repaired by this run.' },
  ]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  expect(await reconcile('true')).toEqual([]);
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect([group(), environment.logs.tagsOf(NAME)]).toEqual([{}, {}]);
});

test('a deployment with another revision sets up the log group again, whatever its previous settings', async () => {
  makeAnew();
  expect((await resource.update(DESIRED)).Status).toBe('SUCCESS');
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
});

test('reports a failed repair, and the other parts run', async () => {
  makeAnew();
  environment.faults.fail(
    'logs:PutRetentionPolicy',
    'AccessDenied',
    'because a service control policy denies it',
  );
  const found = await reconcile('true');
  expect(found).toEqual([
    { kind: 'drift', finding: MISSING, next: 'Not repaired by this run: see the log of the function.' },
    {
      kind: 'error',
      finding: expect.stringContaining(
        `logs:PutRetentionPolicy on ${NAME} failed with AccessDenied`,
      ) as string,
      next: 'The next run tries again.',
    },
  ]);
  expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 1 })]);
});

test('a missing log group is a finding, and a repair creates it', async () => {
  environment.logs.drop(NAME);
  expect(await reconcile('true')).toEqual([
    {
      kind: 'drift',
      finding: `The log group ${NAME} no longer exists.`,
      next: 'Repaired by this run.',
    },
  ]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
});

test('ignores settings that were changed since', async () => {
  await environment.logs.setRetention(NAME, 3);
  expect(await reconcile('true')).toEqual([]);
  expect(group()).toEqual({ retentionInDays: 3, kmsKeyArn: KEY });
});
