import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { HOST, PROPERTIES, setUpAccess, UNREACHABLE, type AccessSetUp } from '../support/access';
import { STACK_ID } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold`;
const ASKED = `cloudformation:DescribeStacks ${STACK_ID}`;
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const LOGGED: DatabaseAccessProperties = {
  ...PROPERTIES,
  statementLog: { ...CLUSTER, logGroupName: LOG_GROUP },
  onNoLineage: 'fail',
};
const CHANGED = { ...LOGGED, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource } = setUpAccess(environment));
  environment.rds.describe(CLUSTER);
  environment.logs.add(LOG_GROUP);
  await resource.create(LOGGED);
});
afterEach(async () => environment.stop());

const asked = () => environment.faults.calls.filter((call) => call === ASKED).length;
/** A change of the template, and what its rollback comes to. */
async function changeAndBack() {
  const answer = await resource.update(CHANGED);
  return { answer, back: resource.answers.at(-1)! };
}

test.each([
  ['connection', 'ConnectionStep'],
  ['temp_schema', 'TempSchemaStep'],
  ['schema_download', 'SchemaDownloadStep'],
])(
  'a failed %s fails an update, but not its rollback, which reports the failure',
  async (step, attribute) => {
    server.failedSteps = [step];
    const { answer, back } = await changeAndBack();
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `The test of database app failed at ${step}: ${step} does not work.`,
    });
    expect(back).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(back.Data).toMatchObject({ Host: HOST, [attribute]: `failed: app: ${step} does not work.` });
    expect(server.roles.get('datafold')?.access.databases).toEqual([{ databaseName: 'app' }]);
  },
);

test('an export that was turned off does not fail a rollback', async () => {
  environment.rds.describe(CLUSTER, { exports: ['instance'] });
  const { answer, back } = await changeAndBack();
  const message =
    'log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on.';
  expect(answer.Reason).toBe(`The test of database app failed at lineage_download: ${message}`);
  expect(back.Status).toBe('SUCCESS');
  expect(back.Data!.LineageDownloadStep).toBe(`failed: app: ${message}`);
  expect(environment.log).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'a check failed, but the stack is being rolled back',
      error: answer.Reason,
    }),
  );
});

test('reads the stack only after a failed check, and never in a Create', async () => {
  await resource.update(CHANGED);
  expect(asked()).toBe(0);
  server.failedSteps = ['temp_schema'];
  await resource.send({ RequestType: 'Create', ResourceProperties: LOGGED });
  expect(asked()).toBe(0);
  await resource.updateTo(LOGGED, CHANGED, ID);
  expect(asked()).toBe(1);
});

test('reads the rollback from the newest event if the stack may not be described', async () => {
  server.failedSteps = ['temp_schema'];
  environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied');
  const { answer, back } = await changeAndBack();
  expect([answer.Status, back.Status]).toEqual(['FAILED', 'SUCCESS']);
  server.trouble = UNREACHABLE;
  const second = await changeAndBack();
  expect([second.answer.Status, second.back.Status]).toEqual(['FAILED', 'SUCCESS']);
});

test('a failed check fails if neither the stack nor its events can be read', async () => {
  server.failedSteps = ['temp_schema'];
  environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied');
  environment.faults.fail('cloudformation:DescribeStackEvents', 'AccessDenied');
  const { back } = await changeAndBack();
  expect(back).toMatchObject({
    Status: 'FAILED',
    Reason: `The test of database app failed at temp_schema: temp_schema does not work. It could not be read whether this is a rollback, which would continue: cloudformation:DescribeStacks on ${STACK_ID} failed with AccessDenied. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again. If the stack is UPDATE_ROLLBACK_FAILED, run aws cloudformation continue-update-rollback instead.`,
  });
});

test('a failed change fails a rollback too, but a server without a login does not', async () => {
  const gone = { message: 'The disk is full (53100).', retryable: false, connected: true };
  server.failHalfway = gone;
  expect((await changeAndBack()).back).toMatchObject({ Status: 'FAILED', Reason: gone.message });
  server.failHalfway = undefined;
  server.trouble = UNREACHABLE;
  const { back } = await changeAndBack();
  expect(back).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  expect(back.Data).toMatchObject({ Host: HOST, Port: '5432', RoleName: 'datafold', Relations: 'unknown' });
  expect(asked()).toBe(4);
});

test('a login that a DBA removed does not fail a rollback', async () => {
  const byDba: DatabaseAccessProperties = { ...PROPERTIES, adminSecretArn: undefined, manageRole: 'false' };
  const changed = { ...byDba, tempSchema: 'scratch' };
  server.roles.clear();
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const answer = await resource.updateTo(byDba, changed, ID);
  expect(answer.Status).toBe('SUCCESS');
  expect(answer.Data!.ConnectionStep).toBe(
    'failed: app: Login as datafold was refused (28P01). Check the password.',
  );
});
