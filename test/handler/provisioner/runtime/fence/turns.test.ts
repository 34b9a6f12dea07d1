import { AwsFailure } from '../../../../../lib/handler/provisioner/aws/failure';
import { ownerKey } from '../../../../../lib/handler/provisioner/runtime/physical-ids';
import { PROPERTIES, setUpAccess, type AccessSetUp } from '../../support/access';
import { STACK_ID } from '../../support/stack';
import { World } from '../../support/world';

const key = ownerKey(STACK_ID, 'Access');
let world: World;
let resource: AccessSetUp['resource'];
beforeEach(async () => {
  world = await World.start();
  ({ resource } = setUpAccess(world));
});
afterEach(async () => world.stop());

test('a run is told when CloudFormation sent the request', async () => {
  const ResponseURL = `${world.receiver.url}&X-Amz-Date=20260101T000102Z`;
  await resource.send({ RequestType: 'Create', ResourceProperties: PROPERTIES, ResponseURL });
  expect(world.functions.turns).toEqual([{ key, requestedAt: Date.UTC(2026, 0, 1, 0, 1, 2), invocation: 0 }]);
});

test('a run that another invocation asks for, or that follows one which never answered, is a newer one', async () => {
  const requestedAt = world.clock.now();
  const { functions } = world;
  functions.next(functions.hang());
  await resource.create(PROPERTIES);
  world.faults.fail('lambda:InvokeFunction', 'TooManyRequests', undefined, 1); // that one never ran
  const changed = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  const updatedAt = world.clock.now();
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

test('the run of a scheduled task comes after those of all requests', async () => {
  await resource.create(PROPERTIES);
  await world.task({
    datafoldTask: 'reconcile',
    stackId: STACK_ID,
    logicalResourceId: 'Access',
    properties: PROPERTIES,
    repair: 'true',
    serverName: 'shop',
  });
  expect(world.functions.turns.at(-1)).toEqual({ key, requestedAt: 0, invocation: 0 });
});
