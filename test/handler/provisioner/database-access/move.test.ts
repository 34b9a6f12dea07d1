import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { idAfterRemoval } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import { ADMIN_SECRET, HOST, PROPERTIES, RUNNER, setUpAccess, type AccessSetUp } from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold`;
const OTHER_HOST = 'other.cluster-abc.us-east-1.rds.amazonaws.com';
const OTHER_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:other-AbCdEf';
const LINEAGE = { roleName: 'lineage' };
const ON_OTHER = { server: { ...PROPERTIES.server, host: OTHER_HOST } };

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let other: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  let adminPassword: string;
  ({ server, resource, adminPassword } = setUpAccess(environment));
  other = environment.postgres.add(OTHER_HOST, adminPassword);
  environment.secrets.add(OTHER_SECRET, JSON.stringify({ username: 'postgres', password: adminPassword }));
});
afterEach(async () => environment.stop());

const roles = () => [[...server.roles.keys()], [...other.roles.keys()]];
const removals = () =>
  environment.functions.requests.filter(({ operation }) => operation === 'remove').length;
const ids = () => resource.answers.map(({ PhysicalResourceId }) => PhysicalResourceId);
const said = () => environment.log.map(({ message }) => message);
const REMOVED = 'nothing to remove: the update has removed it';
const idOf = ({ server: { host }, roleName }: DatabaseAccessProperties) =>
  `datafold-access/${host}:5432/${roleName}`;

async function moveTo(change: Partial<DatabaseAccessProperties>) {
  return resource.update({ ...PROPERTIES, ...change });
}

const MOVES: [string, Partial<DatabaseAccessProperties>][] = [
  ['another role and function', { ...LINEAGE, sqlRunner: 'other-runner' }],
  ['another role and admin secret', { ...LINEAGE, adminSecretArn: OTHER_SECRET }],
  ['another role and certificate', { ...LINEAGE, server: { ...PROPERTIES.server, caCertificate: 'PEM' } }],
  ['another role and maintenance database', { ...LINEAGE, maintenanceDatabase: 'admin' }],
  ['another server', ON_OTHER],
  ['another server and function', { ...ON_OTHER, sqlRunner: 'other-runner' }],
  [
    'another server, role, function and admin secret',
    {
      ...ON_OTHER,
      ...LINEAGE,
      sqlRunner: 'other-runner',
      adminSecretArn: OTHER_SECRET,
    },
  ],
];

describe.each(MOVES)('%s', (_, change) => {
  const moved = { ...PROPERTIES, ...change };
  const toOther = moved.server.host === OTHER_HOST;
  const target = toOther ? [[], [moved.roleName]] : [[moved.roleName], []];

  test('the update removes the previous role last, and the Delete needs nothing that no longer exists', async () => {
    await resource.create(PROPERTIES);
    const { Status, PhysicalResourceId } = await resource.updateTo(moved, PROPERTIES, ID);
    expect([Status, PhysicalResourceId]).toEqual(['SUCCESS', idAfterRemoval(idOf(moved), ID)]);
    expect(environment.functions.requests.at(-1)).toMatchObject({ operation: 'remove', owner: { id: ID } });
    expect(roles()).toEqual(target);

    const { length } = environment.functions.requests;
    if (moved.sqlRunner !== RUNNER) environment.functions.drop(RUNNER);
    if (moved.adminSecretArn !== ADMIN_SECRET) environment.secrets.drop(ADMIN_SECRET);
    expect((await resource.delete(ID, PROPERTIES)).Status).toBe('SUCCESS');
    expect(said()).toContain(REMOVED);
    expect(environment.functions.requests).toHaveLength(length);

    expect((await resource.delete(PhysicalResourceId, moved)).Status).toBe('SUCCESS');
    expect(roles()).toEqual([[], []]);
  });

  test('the rollback after the failure of another resource restores the previous role and removes the new one', async () => {
    await resource.create(PROPERTIES);
    const there = (await resource.updateTo(moved, PROPERTIES, ID)).PhysicalResourceId;
    resource.physicalId = there;
    await resource.rollBack(moved, PROPERTIES, ID);
    expect(roles()).toEqual([['datafold'], []]);
    expect(resource.physicalId).toBe(idAfterRemoval(ID, there));
    expect(said()).toContain(REMOVED);
    expect(server.roles.get('datafold')?.ownerId).toBe(ID);
  });

  test('a failed removal fails the update, and the rollback restores everything', async () => {
    await resource.create(PROPERTIES);
    const run = environment.postgres.run.bind(environment.postgres);
    const refusal = {
      message: 'A view depends on datafold_tmp (2BP01).',
      code: '2BP01',
      retryable: false,
      connected: true,
    };
    jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
      const previous = request.operation === 'remove' && request.owner.id === ID;
      return previous ? { ok: false, error: refusal } : run(request);
    });
    expect((await moveTo(change)).Reason).toBe(
      `The role "datafold" on ${HOST}:5432 may still exist, since it could not be removed. ${refusal.message}`,
    );
    expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
    expect(roles()).toEqual([['datafold'], []]);
  });

  test('with RemovalPolicy.RETAIN the previous role is kept, and a rollback removes the new one', async () => {
    const retained: DatabaseAccessProperties = { ...PROPERTIES, removalPolicy: 'retain' };
    const next = { ...retained, ...change };
    await resource.create(retained);
    resource.physicalId = (await resource.updateTo(next, retained, ID)).PhysicalResourceId;
    expect(roles()[0]).toContain('datafold');
    expect(removals()).toBe(0);
    await resource.rollBack(next, retained, ID);
    expect(roles()).toEqual([['datafold'], []]);
  });
});

test('a long removal continues in another invocation without repeating the setup', async () => {
  await resource.create(PROPERTIES);
  environment.functions.next(environment.functions.work(), environment.functions.hang());
  const answer = await moveTo(ON_OTHER);
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { Host: OTHER_HOST } });
  expect(environment.functions.requests.map(({ operation }) => operation)).toEqual([
    'apply',
    'apply',
    'remove',
    'remove',
  ]);
  expect(roles()).toEqual([[], ['datafold']]);
});

test('a previous role on the same path is kept until CloudFormation deletes it in the cleanup', async () => {
  await resource.create(PROPERTIES);
  await moveTo(LINEAGE);
  expect(ids()).toEqual([ID, `datafold-access/${HOST}:5432/lineage`, ID]);
  expect(roles()).toEqual([['lineage'], []]);
});

test('each of several changes removes the previous role', async () => {
  await resource.create(PROPERTIES);
  const steps: Partial<DatabaseAccessProperties>[] = [
    { ...LINEAGE, sqlRunner: 'other-runner' },
    { sqlRunner: 'other-runner' },
    LINEAGE,
    { ...LINEAGE, ...ON_OTHER },
    {},
  ];
  for (const step of steps) {
    expect((await moveTo(step)).Status).toBe('SUCCESS');
    const { roleName } = { ...PROPERTIES, ...step };
    expect(roles()).toEqual(step.server ? [[], [roleName]] : [[roleName], []]);
  }
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(roles()).toEqual([[], []]);
});

test.each([
  ['function', () => environment.functions.drop(RUNNER), { sqlRunner: 'other-runner' }],
  ['admin secret', () => environment.secrets.drop(ADMIN_SECRET), { adminSecretArn: OTHER_SECRET }],
])(
  'on the same server the previous role goes though its %s is gone: the new one reaches it too',
  async (_, breakIt, change) => {
    await resource.create(PROPERTIES);
    breakIt();
    expect((await moveTo({ ...LINEAGE, ...change })).Status).toBe('SUCCESS');
    expect(roles()).toEqual([['lineage'], []]);
  },
);

test('a previous role on another server that can not be inspected fails the update', async () => {
  await resource.create(PROPERTIES);
  environment.functions.drop(RUNNER);
  const { Status, Reason } = await moveTo({ ...ON_OTHER, sqlRunner: 'other-runner' });
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(
    /^The role "datafold" on \S+ may still exist, since it could not be removed\. The role "datafold" on \S+ may still exist: the sql-runner shop-sql-runner no longer exists/,
  );
});

test('a Delete inspects the server if CloudFormation does not confirm the removal by the update', async () => {
  await resource.create(PROPERTIES);
  const moved = { ...PROPERTIES, ...ON_OTHER, sqlRunner: 'other-runner' };
  await resource.updateTo(moved, PROPERTIES, ID);
  environment.functions.drop(RUNNER);
  environment.faults.fail('cloudformation:DescribeStackResource', 'AccessDenied');
  expect((await resource.delete(ID, PROPERTIES)).Status).toBe('FAILED');
  expect(roles()).toEqual([[], ['datafold']]);
});

test('a previous server that does not exist, like its secret, does not fail the update', async () => {
  await resource.create(PROPERTIES);
  environment.postgres.drop(HOST);
  environment.secrets.drop(ADMIN_SECRET);
  expect((await moveTo({ ...ON_OTHER, adminSecretArn: OTHER_SECRET })).Status).toBe('SUCCESS');
  expect(roles()[1]).toEqual(['datafold']);
});

test('an unreachable server that CloudFormation replaces does not fail the update, which reports the remaining role', async () => {
  const inApp = { ...PROPERTIES, server: { ...PROPERTIES.server, resource: 'c8abc' } };
  await resource.create(inApp);
  environment.secrets.drop(ADMIN_SECRET);
  const next = { ...inApp, server: { ...inApp.server, host: OTHER_HOST }, adminSecretArn: OTHER_SECRET };
  expect(await resource.update(next)).toMatchObject({
    Status: 'SUCCESS',
    Data: {
      Notices: `The role "datafold" on ${HOST}:5432 may still exist, since it could not be removed.`,
    },
  });
});

test('keeps a previous role that a DBA created', async () => {
  const byDba: DatabaseAccessProperties = { ...PROPERTIES, manageRole: 'false', adminSecretArn: undefined };
  await resource.create(PROPERTIES);
  await resource.updateTo({ ...byDba, ...LINEAGE }, byDba, ID);
  expect(removals()).toBe(0);
  expect(roles()).toEqual([['datafold'], []]);
});
