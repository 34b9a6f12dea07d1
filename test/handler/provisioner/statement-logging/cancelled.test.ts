import { Account } from './account';
import { FAMILY, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());
const MINUTE = 60_000;
const STACK_ID =
  'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10-aaaa-bbbb-cccc-121212121212';
const ids = {
  StackId: STACK_ID,
  LogicalResourceId: 'Logging',
  ResourceType: 'Custom::DatafoldStatementLogging',
};

test('a cancelled update stops after its rollback', async () => {
  const { environment, rds, resource } = account;
  const invoke = (event: object) =>
    (environment as unknown as { invoke(e: object): Promise<void> }).invoke(event);
  rds.addGroup('instance', 'custom', FAMILY.instance);
  account.addShop('instance', 'custom');
  const old = properties('instance');
  await resource.create(old);
  const desired = properties('instance', { logBindValues: 'false' });
  const id = resource.physicalId!;
  account.shop.pendingExports.start(['upgrade'], [], 20 * MINUTE); // busy: the update has to wait
  environment.timeout = 2 * MINUTE;
  const before = environment.functions.sent.length;
  await invoke({
    ...ids,
    RequestType: 'Update',
    RequestId: 'A',
    ResponseURL: environment.receiver.url,
    PhysicalResourceId: id,
    ResourceProperties: desired,
    OldResourceProperties: old,
  });
  expect(environment.functions.sent.length).toBe(before + 1); // A goes on in another invocation
  await environment.clock.sleep(25 * MINUTE);
  // Another resource of the stack failed: CloudFormation marks update A as cancelled and rolls back.
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const back = await resource.updateTo(old, desired, id);
  expect(back.Status).toBe('SUCCESS');
  expect(account.shop.group.set.get('log_parameter_max_length')).toBeUndefined();
  environment.stacks.current = 'UPDATE_ROLLBACK_COMPLETE';
  // The continuation of update A arrives late.
  await invoke(JSON.parse(environment.functions.sent[before].payload) as object);
  expect(account.shop.group.set.get('log_parameter_max_length')).toBeUndefined();
});

test('a cancelled Create stops after its Delete', async () => {
  const { environment, rds, resource } = account;
  const invoke = (event: object) =>
    (environment as unknown as { invoke(e: object): Promise<void> }).invoke(event);
  rds.addGroup('instance', 'custom', FAMILY.instance);
  account.addShop('instance', 'custom');
  account.shop.pendingExports.start(['upgrade'], [], 20 * MINUTE);
  environment.timeout = 2 * MINUTE;
  await invoke({
    ...ids,
    RequestType: 'Create',
    RequestId: 'A',
    ResponseURL: environment.receiver.url,
    ResourceProperties: properties('instance'),
  });
  const [first] = environment.functions.sent;
  await environment.clock.sleep(25 * MINUTE);
  const gone = await resource.delete('shop-Logging-1ABCDEF', properties('instance'));
  expect(gone.Status).toBe('SUCCESS');
  const was = JSON.stringify(await account.settled());
  await invoke(JSON.parse(first.payload) as object);
  expect(JSON.stringify(await account.settled())).toBe(was);
});
