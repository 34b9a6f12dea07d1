import { AwsFailure } from '../../../../../lib/handler/provisioner/aws/failure';
import { ownerKey } from '../../../../../lib/handler/provisioner/runtime/physical-ids';
import { PROPERTIES, setUpAccess, type AccessSetUp } from '../../support/access';
import { reconcileTask } from '../../support/reconcile';
import { STACK_ID } from '../../support/stack';
import { TestEnvironment } from '../../support/test-environment';

const key = ownerKey(STACK_ID, 'Access');
let environment: TestEnvironment;
let resource: AccessSetUp['resource'];
beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ resource } = setUpAccess(environment));
});
afterEach(async () => environment.stop());

test('the sql-runner gets the time at which CloudFormation sent the request', async () => {
  const ResponseURL = `${environment.receiver.url}&X-Amz-Date=20260101T000102Z`;
  await resource.send({ RequestType: 'Create', ResourceProperties: PROPERTIES, ResponseURL });
  expect(environment.functions.turns).toEqual([
    { key, requestedAt: Date.UTC(2026, 0, 1, 0, 1, 2), invocation: 0 },
  ]);
});

test('a run of a later invocation, or after a run that did not respond, counts as newer', async () => {
  const requestedAt = environment.clock.now();
  const { functions } = environment;
  functions.next(functions.hang());
  await resource.create(PROPERTIES);
  environment.faults.fail('lambda:InvokeFunction', 'TooManyRequests', undefined, 1); // that one never ran
  const changed = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  const updatedAt = environment.clock.now();
  functions.next(async () => {
    throw new AwsFailure('lambda:InvokeFunction', 'runner', 'TimeoutError');
  });
  await resource.update(changed);
  expect(functions.turns).toEqual([
    { key, requestedAt, invocation: 0 },
    { key, requestedAt, invocation: 100 },
    { key, requestedAt: updatedAt, invocation: 0 },
    { key, requestedAt: updatedAt, invocation: 1 },
  ]);
});

test('the run of a scheduled task yields to the runs of all requests', async () => {
  await resource.create(PROPERTIES);
  await environment.task(reconcileTask());
  expect(environment.functions.turns.at(-1)).toEqual({ key, requestedAt: 0, invocation: 0 });
});
