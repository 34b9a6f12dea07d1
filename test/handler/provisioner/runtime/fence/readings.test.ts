import { PROPERTIES, setUpAccess, type AccessSetUp } from '../../support/access';
import { STACK_ID } from '../../support/stack';
import { TestEnvironment } from '../../support/test-environment';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DENIED = 'no identity-based policy allows the cloudformation:DescribeStacks action.';
const CHANGED = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

let environment: TestEnvironment;
let resource: AccessSetUp['resource'];
beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ resource } = setUpAccess(environment));
});
afterEach(async () => environment.stop());

const databases = () =>
  environment.postgres['servers'].get(PROPERTIES.server.host!)?.roles.get('datafold')?.access.databases
    .length;
const stopped = () =>
  environment.log.filter(({ message }) => message.startsWith('stopped without an answer'));
const update = (more: object = {}) => ({
  RequestType: 'Update',
  RequestId: 'A',
  ResponseURL: environment.receiver.url,
  StackId: STACK_ID,
  LogicalResourceId: 'Access',
  ResourceType: 'Custom::DatafoldDatabaseAccess',
  PhysicalResourceId: resource.physicalId,
  ResourceProperties: CHANGED,
  OldResourceProperties: PROPERTIES,
  ...more,
});

test('a request that Lambda delivers after the deployment changes nothing and logs that', async () => {
  await resource.create(PROPERTIES);
  environment.stacks.current = 'UPDATE_ROLLBACK_COMPLETE';
  const answers = environment.receiver.received.length;
  await environment.invoke(update());
  expect([databases(), environment.receiver.received.length]).toEqual([1, answers]);
  expect(stopped()).toEqual([
    expect.objectContaining({ level: 'WARN', reason: 'the stack is UPDATE_ROLLBACK_COMPLETE' }),
  ]);
});

test('reads the state again before it stops a request, because the state may be outdated', async () => {
  await resource.create(PROPERTIES);
  const find = environment.stacks.find.bind(environment.stacks);
  let count = 0;
  environment.stacks.find = async (stackId) =>
    count++ === 0 ? { status: 'UPDATE_COMPLETE', changedAt: 0 } : find(stackId);
  expect((await resource.send(update({ RequestId: 'B' }))).Status).toBe('SUCCESS');
  expect([databases(), stopped()]).toEqual([2, []]);
});

test('carries out a recent request if CloudFormation cannot be asked whether it still waits', async () => {
  environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied', DENIED);
  environment.faults.fail('cloudformation:DescribeStackEvents', 'AccessDenied', DENIED);
  expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  expect((await resource.update(CHANGED)).Status).toBe('SUCCESS');
  expect((await resource.remove()).Status).toBe('SUCCESS');
});

/** The admin secret can be read after three minutes only. */
function slowSecret(): void {
  const started = environment.clock.now();
  const read = environment.secrets.read.bind(environment.secrets);
  environment.secrets.read = async (...parameters) => {
    if (environment.clock.now() - started < 3 * MINUTE) await environment.clock.sleep(3 * MINUTE);
    return read(...parameters);
  };
}

test('fails an old request if CloudFormation cannot be asked, and names the missing permission', async () => {
  await resource.create(PROPERTIES);
  environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied', DENIED);
  environment.faults.fail('cloudformation:DescribeStackEvents', 'AccessDenied', DENIED);
  slowSecret();
  const { Status, Reason } = await resource.updateTo(CHANGED, PROPERTIES, resource.physicalId!);
  expect([Status, databases()]).toEqual(['FAILED', 1]);
  expect(Reason).toBe(
    `It is not known whether CloudFormation still waits for this request, so nothing more is changed. cloudformation:DescribeStacks on ${STACK_ID} failed with AccessDenied: no identity-based policy allows the cloudformation:DescribeStacks action. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again. If the stack is UPDATE_ROLLBACK_FAILED, run aws cloudformation continue-update-rollback instead.`,
  );
});

describe('without the permission to describe the stack, its newest event decides', () => {
  beforeEach(async () => {
    await resource.create(PROPERTIES);
    environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied', DENIED);
  });

  test('that CloudFormation still waits for a request, however long it takes', async () => {
    slowSecret();
    expect((await resource.update(CHANGED)).Status).toBe('SUCCESS');
    expect(databases()).toBe(2);
  });

  test('that CloudFormation no longer waits for a request', async () => {
    environment.stacks.current = 'UPDATE_ROLLBACK_COMPLETE';
    await environment.invoke(update());
    expect(databases()).toBe(1);
    expect(stopped()).toEqual([expect.objectContaining({ reason: 'the stack is UPDATE_ROLLBACK_COMPLETE' })]);
  });
});

test('asks CloudFormation again after throttling', async () => {
  await resource.create(PROPERTIES);
  environment.faults.fail('cloudformation:DescribeStacks', 'Throttling', undefined, 3);
  const { Status } = await resource.update(CHANGED);
  expect([Status, databases()]).toEqual(['SUCCESS', 2]);
});

test('decides by the stack if only the resource cannot be described', async () => {
  await resource.create(PROPERTIES);
  environment.faults.fail('cloudformation:DescribeStackResource', 'AccessDenied');
  environment.functions.next(environment.functions.hang());
  await environment.invoke(update());
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  await environment.invoke(JSON.parse(environment.functions.sent[0].payload) as object);
  expect([databases(), stopped()]).toEqual([
    1,
    [expect.objectContaining({ reason: 'the stack is UPDATE_ROLLBACK_IN_PROGRESS' })],
  ]);
});

test('asks CloudFormation once for changes in quick succession', async () => {
  const find = jest.spyOn(environment.stacks, 'find');
  await resource.create(PROPERTIES);
  expect(find).toHaveBeenCalledTimes(1);
});

test('does not undo a canceled Create: its Delete does', async () => {
  environment.functions.next(environment.functions.hang());
  await environment.invoke({
    ...update(),
    RequestType: 'Create',
    ResourceProperties: PROPERTIES,
    OldResourceProperties: undefined,
    PhysicalResourceId: undefined,
  });
  environment.stacks.cancel();
  const asked = environment.functions.requests.length;
  await environment.invoke(JSON.parse(environment.functions.sent[0].payload) as object);
  expect(environment.functions.requests).toHaveLength(asked);
  expect(stopped()).toEqual([expect.objectContaining({ reason: 'the resource is CREATE_FAILED' })]);
});
