import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import type { ReconcileTask } from '../../../../lib/private/wire/tasks';
import { PROPERTIES, setUpAccess } from '../support/access';
import { STACK_ID, StackResource } from '../support/stack';
import { World } from '../support/world';

const NAME = '/aws/rds/cluster/shop/postgresql';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const WANTED: LogGroupProperties = { logGroupName: NAME, retentionInDays: '30', kmsKeyArn: KEY };

let world: World;
let resource: StackResource<LogGroupProperties>;

beforeEach(async () => {
  world = await World.start();
  await setUpAccess(world).resource.create(PROPERTIES);
  world.logs.add(NAME, { retentionInDays: 7 });
  resource = new StackResource(world, 'Custom::DatafoldLogGroup', 'LogGroup');
  await resource.create(WANTED);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  world.lines.length = 0;
});
afterEach(async () => world.stop());

const group = () => world.logs.groupOf(NAME);
const reconcile = async (repair: 'true' | 'false') => {
  world.lines.length = 0;
  const task: ReconcileTask = {
    datafoldTask: 'reconcile',
    stackId: STACK_ID,
    logicalResourceId: 'Access',
    properties: PROPERTIES,
    repair,
    serverName: 'shop',
    logGroup: { logicalResourceId: 'LogGroup', properties: WANTED },
  };
  await world.tasks(task);
  return world.log
    .filter(({ message }) => message === 'finding')
    .map(({ kind, finding, next }) => ({ kind, finding, next }));
};
const metrics = () => world.log.filter((line) => 'ReconcileDuration' in line && '_aws' in line);
const LACKING = `The log group ${NAME} was deleted and made anew: it lacks its retention of 30 days and its key ${KEY}.`;

function makeAnew(): void {
  world.logs.drop(NAME);
  world.logs.add(NAME);
}

test('a log group as it was deployed is no finding', async () => {
  expect(await reconcile('true')).toEqual([]);
  expect(metrics()).toEqual([expect.objectContaining({ Drift: 0, VerificationFailed: 0 })]);
});

test('one that was made anew is found', async () => {
  makeAnew();
  expect(await reconcile('false')).toEqual([
    {
      kind: 'drift',
      finding: LACKING,
      next: 'Deploy with another `revision`, or let `reconcile` repair it.',
    },
  ]);
  expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 0 })]);
  expect(group()).toEqual({});
});

test('a repair sets it up again; after the removal it is as RDS had made it', async () => {
  makeAnew();
  expect(await reconcile('true')).toEqual([
    { kind: 'drift', finding: LACKING, next: 'Repaired by this run.' },
  ]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  expect(await reconcile('true')).toEqual([]);
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect([group(), world.logs.tagsOf(NAME)]).toEqual([{}, {}]);
});

test('so does a deployment with another revision, whatever the group before was set to', async () => {
  makeAnew();
  expect((await resource.update(WANTED)).Status).toBe('SUCCESS');
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
});

test('a repair that fails is told, and the look goes on', async () => {
  makeAnew();
  world.faults.fail('logs:PutRetentionPolicy', 'AccessDenied', 'because a service control policy denies it');
  const found = await reconcile('true');
  expect(found).toEqual([
    { kind: 'drift', finding: LACKING, next: 'This run did not repair it: see the log of the function.' },
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

test('one that is gone is found, and made again by a repair', async () => {
  world.logs.drop(NAME);
  expect(await reconcile('true')).toEqual([
    {
      kind: 'drift',
      finding: `The log group ${NAME} does not exist any more.`,
      next: 'Repaired by this run.',
    },
  ]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
});

test('what somebody else has set since is theirs', async () => {
  await world.logs.setRetention(NAME, 3);
  expect(await reconcile('true')).toEqual([]);
  expect(group()).toEqual({ retentionInDays: 3, kmsKeyArn: KEY });
});
