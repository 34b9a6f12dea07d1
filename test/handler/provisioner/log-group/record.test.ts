import { targetIn } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { STACK_ID, StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const NAME = '/aws/rds/cluster/shop/postgresql';
const OTHER = `${NAME}-2`;
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const OTHER_KEY = 'arn:aws:kms:us-east-1:111122223333:key/99999999-2222-3333-4444-555555555555';
const BEFORE = { retentionInDays: 7, kmsKeyArn: OTHER_KEY };
const DESIRED: LogGroupProperties = { logGroupName: NAME, logRetention: '30', logEncryptionKey: KEY };
const ID = `datafold-log-group:${NAME}?retentionInDays=7&kmsKeyArn=${encodeURIComponent(OTHER_KEY)}`;

let environment: TestEnvironment;
let resource: StackResource<LogGroupProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldLogGroup', 'LogGroup');
});

afterEach(async () => {
  await environment.stop();
});

const group = (name = NAME) => environment.logs.groupOf(name);
const record = (name = NAME) => Object.values(environment.logs.tagsOf(name));
const create = { RequestType: 'Create', ResourceProperties: DESIRED };

/** An invocation that ends in the middle, while it waits for AWS, which is busy with an action. */
async function cutShort(event: object, action: string): Promise<void> {
  environment.faults.fail(action, 'Throttling');
  await environment.crash({
    StackId: STACK_ID,
    LogicalResourceId: 'LogGroup',
    ResourceType: 'Custom::DatafoldLogGroup',
    ...event,
  });
  environment.faults.heal();
}

test('a repeated Create returns the same physical id, and a Delete restores the original settings', async () => {
  environment.logs.add(NAME, BEFORE);
  const first = await resource.send(create);
  expect(record()).toEqual([`retention=30 key=${KEY}`, `found retention=7 key=${OTHER_KEY}`]);

  const second = await resource.send(create);

  expect([first.PhysicalResourceId, second.PhysicalResourceId]).toEqual([ID, ID]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  await resource.delete(second.PhysicalResourceId, DESIRED);
  expect(group()).toEqual(BEFORE);
  expect(record()).toEqual([]);
});

test('a Create after an interrupted invocation keeps the original settings', async () => {
  environment.logs.add(NAME, BEFORE);
  await cutShort(create, 'logs:AssociateKmsKey');
  expect(group()).toEqual({ ...BEFORE, retentionInDays: 30 });

  expect((await resource.create(DESIRED)).PhysicalResourceId).toBe(ID);

  await resource.remove();
  expect(group()).toEqual(BEFORE);
});

test('a Delete with a physical id that CloudFormation generated reverts an unanswered Create', async () => {
  environment.logs.add(NAME, BEFORE);
  await cutShort(create, 'logs:AssociateKmsKey');

  await resource.delete('shop-LogGroup-1A2B3C4D5E6F', DESIRED);

  expect(group()).toEqual(BEFORE);
  expect(record()).toEqual([]);
});

test('a second run recognizes the group that the first one created, and the key is removed', async () => {
  await cutShort(create, 'logs:PutRetentionPolicy');
  expect(group()).toEqual({ kmsKeyArn: KEY });
  expect(record()).toEqual([`retention=30 key=${KEY}`, expect.stringMatching(/^made by=[0-9a-f]{16}$/)]);

  const answer = await resource.create(DESIRED);

  expect(answer.PhysicalResourceId).toBe(`datafold-log-group:${NAME}`);
  await resource.remove();
  expect(group()).toEqual({ retentionInDays: 30 });
});

test('writes the record before the first change', async () => {
  environment.logs.add(NAME, BEFORE);
  environment.faults.fail('logs:TagLogGroup', 'TooManyTags', 'The resource has 50 tags.');

  const answer = await resource.create(DESIRED);

  expect(answer.Reason).toBe(
    `logs:TagLogGroup on ${NAME} failed with TooManyTags: The resource has 50 tags. Deploy again; if the failure persists, find the code in the AWS documentation.`,
  );
  expect(group()).toEqual(BEFORE);
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
});

test('keeps tags of others and of another stack', async () => {
  environment.logs.add(NAME, BEFORE);
  await environment.logs.tag(NAME, { owner: 'shop', 'datafold:0123456789abcdef:log-group': 'found' });
  await resource.create(DESIRED);
  await resource.remove();
  expect(environment.logs.tagsOf(NAME)).toEqual({
    owner: 'shop',
    'datafold:0123456789abcdef:log-group': 'found',
  });
});

test('a failed Create leaves no record', async () => {
  environment.logs.add(NAME, BEFORE);
  environment.faults.fail('logs:AssociateKmsKey', 'InvalidParameter', 'no such key', 1);
  await resource.create(DESIRED);
  expect(group()).toEqual(BEFORE);
  expect(record()).toEqual([]);
});

test('writes no tags if no setting is requested', async () => {
  environment.logs.add(NAME, BEFORE);
  await resource.create({ logGroupName: NAME });
  expect(environment.faults.calls.filter((call) => call.includes('TagLogGroup'))).toEqual([]);
});

test('an update of a resource without tags records the settings in its physical id', async () => {
  environment.logs.add(NAME, { retentionInDays: 30, kmsKeyArn: KEY });
  await resource.updateTo({ ...DESIRED, logRetention: '60' }, DESIRED, ID);
  expect(group()).toEqual({ retentionInDays: 60, kmsKeyArn: KEY });
  expect(record()).toEqual([`retention=60 key=${KEY}`, `found retention=7 key=${OTHER_KEY}`]);
});

test('a Delete without the permission to read tags restores the settings in the physical id', async () => {
  environment.logs.add(NAME, { retentionInDays: 30, kmsKeyArn: KEY });
  environment.faults.fail('logs:ListTagsLogGroup', 'AccessDenied');
  expect((await resource.delete(ID, DESIRED)).Status).toBe('SUCCESS');
  expect(group()).toEqual(BEFORE);
});

test('an update that requests nothing restores the settings in the physical id if the tags were removed', async () => {
  environment.logs.add(NAME, { retentionInDays: 30, kmsKeyArn: KEY });
  await resource.updateTo({ logGroupName: NAME }, DESIRED, ID);
  expect([group(), record()]).toEqual([BEFORE, []]);
});

test('a rollback to the previous group finds its original settings', async () => {
  environment.logs.add(NAME, BEFORE);
  await resource.create(DESIRED);
  const next = { ...DESIRED, logGroupName: OTHER };
  // The previous policy is deleted only after the update of the whole stack.
  const { PhysicalResourceId } = await resource.updateTo(next, DESIRED, ID);
  resource.physicalId = PhysicalResourceId;

  await resource.rollBack(next, DESIRED, ID);

  expect(targetIn(resource.physicalId!)).toBe(ID);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  expect(group(OTHER)).toEqual({ retentionInDays: 30 });
  expect(record(OTHER)).toEqual([]);
});

test('a rollback reverts an interrupted move to another group', async () => {
  environment.logs.add(NAME);
  environment.logs.add(OTHER, BEFORE);
  await resource.create(DESIRED);
  const next = { ...DESIRED, logGroupName: OTHER };
  const update = { RequestType: 'Update', ResourceProperties: next, OldResourceProperties: DESIRED };
  await cutShort({ ...update, PhysicalResourceId: resource.physicalId }, 'logs:AssociateKmsKey');
  expect(group(OTHER)).toEqual({ ...BEFORE, retentionInDays: 30 });

  await resource.updateTo(DESIRED, next, resource.physicalId!);

  expect(group(OTHER)).toEqual(BEFORE);
  expect(record(OTHER)).toEqual([]);
  expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
});

describe('a setting that an update requests first', () => {
  const masked: LogGroupProperties = { logGroupName: NAME, maskedData: ['Name'] };
  const shortenLogRetention = 'true' as const;
  const desired: LogGroupProperties = {
    ...masked,
    logRetention: '365',
    shortenLogRetention,
    logEncryptionKey: KEY,
  };
  const update = { RequestType: 'Update', ResourceProperties: desired, OldResourceProperties: masked };
  const LATER = { retentionInDays: 400 };
  const settings = () => ({ ...group(), policy: undefined });

  beforeEach(async () => {
    environment.logs.add(NAME);
    await resource.create(masked);
    environment.logs.add(NAME, { ...group(), ...LATER }); // set by somebody else before the request
  });

  test('is set, and the value of somebody else is restored on Delete', async () => {
    const { Status, PhysicalResourceId } = await resource.update(desired);
    expect([Status, PhysicalResourceId]).toEqual(['SUCCESS', `datafold-log-group:${NAME}`]);
    expect(settings()).toEqual({ retentionInDays: 365, kmsKeyArn: KEY });
    await resource.remove();
    expect(settings()).toEqual(LATER);
  });

  test('restores no shorter retention and no key that only tags of the log group record', async () => {
    environment.logs.add(NAME, { ...group(), ...BEFORE });
    await resource.update(desired);
    await resource.remove();
    expect(settings()).toEqual({});
  });

  test('is restored by an update that does not request it, and recorded again by the next request', async () => {
    await resource.update(desired);
    await resource.update(masked);
    expect(settings()).toEqual(LATER);
    environment.logs.add(NAME, { ...group(), retentionInDays: 545 });
    await resource.update(desired);
    expect(settings().retentionInDays).toBe(365);
    await resource.remove();
    expect(settings()).toEqual({ retentionInDays: 545 });
  });

  test('is restored by the rollback of a repeated update that failed', async () => {
    await resource.send({ ...update, PhysicalResourceId: resource.physicalId });
    await resource.updateTo(desired, masked, resource.physicalId!);
    await resource.updateTo(masked, desired, resource.physicalId!);
    expect(settings()).toEqual(LATER);
  });

  test('stays recorded if restoring it was interrupted', async () => {
    await resource.update(desired);
    const back = { RequestType: 'Update', ResourceProperties: masked, OldResourceProperties: desired };
    await cutShort({ ...back, PhysicalResourceId: resource.physicalId }, 'logs:AssociateKmsKey');
    await resource.updateTo(desired, masked, resource.physicalId!);
    await resource.remove();
    expect(settings()).toEqual(LATER);
  });
});

describe('a forged record in the tags of the log group', () => {
  const forge = async (text: string) => {
    const [key] = Object.keys(environment.logs.tagsOf(NAME)).filter((name) => name.endsWith(':log-group'));
    await environment.logs.tag(NAME, { [key]: text });
  };
  const forged = `found retention=1 key=${OTHER_KEY}`;

  beforeEach(async () => {
    environment.logs.add(NAME);
    await resource.create(DESIRED);
    await forge(forged);
  });

  test('neither shortens the retention nor sets a key on removal: the physical id takes precedence', async () => {
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(group()).toEqual({});
    expect(
      environment.log.filter(({ message }) => message === 'not restored: the record is not confirmed'),
    ).toEqual([
      expect.objectContaining({
        doubt: `A tag says that the log group ${NAME} had a retention of 1 days before, but nothing else confirms that: it is not restored.`,
      }),
      expect.objectContaining({
        doubt: `A tag says that the log group ${NAME} had the key ${OTHER_KEY} before, but nothing else confirms that: it is not restored.`,
      }),
    ]);
  });

  test('changes nothing in an update that requests less, nor in a later removal', async () => {
    await resource.update({ logGroupName: NAME, maskedData: ['Name'] });
    expect(group()).toEqual({ policy: expect.any(String) as string });
    await resource.remove();
    expect(group()).toEqual({});
  });

  test('names no other owner for whom the retention is shortened or a key is set', async () => {
    const needs = `retention=1 shorten key=${OTHER_KEY}`;
    await environment.logs.tag(NAME, { 'datafold:0123456789abcdef:needs': needs });
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(group()).toEqual({ kmsKeyArn: KEY });
  });

  test('changes nothing in the rollback of an update', async () => {
    await resource.updateTo(DESIRED, { ...DESIRED, logRetention: '60' }, resource.physicalId!);
    expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  });
});

test('a record that was in the tags before the Create neither shortens the retention nor sets a key', async () => {
  environment.logs.add(NAME, { retentionInDays: 14 });
  await environment.logs.tag(NAME, {
    'datafold:original:log-group': `found retention=1 key=${OTHER_KEY}`,
    'datafold:0123456789abcdef:needs': `retention=1 key=${OTHER_KEY}`,
  });
  await resource.create(DESIRED);
  expect(resource.physicalId).toBe(`datafold-log-group:${NAME}?retentionInDays=14`);
  await resource.remove();
  expect(group()).toEqual({ retentionInDays: 14, kmsKeyArn: KEY });
});
