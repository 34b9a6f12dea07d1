import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, SECRET, setUpAccessKey, USER } from '../support/access-key';
import { STACK_ID, type StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const DAY = 24 * 60 * 60_000;
const TASK = {
  datafoldTask: 'rotate-access-key',
  stackId: STACK_ID,
  logicalResourceId: 'Key',
  properties: PROPERTIES,
  every: '90',
  overlap: '14',
  grace: '14',
  dataSourceSecretArns: [],
};
const OTHER_KEY = { ...PROPERTIES, secretKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/2' };

let environment: TestEnvironment;
let resource: StackResource<AccessKeyProperties>;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = setUpAccessKey(environment);
  await resource.create(PROPERTIES);
});
afterEach(async () => environment.stop());

const current = () => (environment.secrets.jsonOf(SECRET) as { accessKeyId: string }).accessKeyId;
const live = async (days: number) => {
  for (let day = 0; day < days; day++) {
    environment.clock.pass(DAY);
    await environment.task(TASK);
  }
};

test('a new KMS key of the secret does not stop the rotation: the journal is written again', async () => {
  environment.secrets.changeKey(SECRET);
  expect((await resource.update(OTHER_KEY)).Status).toBe('SUCCESS');
  expect(await environment.secrets.read(SECRET, 'DATAFOLD_PENDING')).toBe('{}');
  await live(90);
  expect(current()).toBe('AKIAEXAMPLE2');
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE2']);
});

test('keeps a readable journal when the KMS key changes', async () => {
  const journal = await environment.secrets.read(SECRET, 'DATAFOLD_PENDING');
  expect((await resource.update(OTHER_KEY)).Status).toBe('SUCCESS');
  expect(await environment.secrets.read(SECRET, 'DATAFOLD_PENDING')).toBe(journal);
});

test('the rotation ignores an unreadable journal and deletes no key that it may have named', async () => {
  environment.iam.addKey(USER, 'AKIALOST');
  environment.secrets.changeKey(SECRET);
  await live(1);
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1', 'AKIALOST']);
  expect(environment.log).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'the journal can not be read and is ignored',
      error: expect.stringContaining('AccessDenied'),
    }),
  );
  expect(environment.log.filter(({ message }) => message === 'the task failed')).toEqual([]);
});

test('an update with an unreadable journal deletes no key and creates no second one', async () => {
  environment.secrets.changeKey(SECRET);
  expect((await resource.update({ ...PROPERTIES, revision: '2' } as AccessKeyProperties)).Status).toBe(
    'SUCCESS',
  );
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
});

test('does not ignore the journal because Secrets Manager is busy', async () => {
  const read = environment.secrets.read.bind(environment.secrets);
  environment.secrets.read = async (arn, stage) => {
    if (stage === 'DATAFOLD_PENDING') environment.faults.fail('secretsmanager:GetSecretValue', 'Throttling');
    return read(arn, stage);
  };
  await environment.task(TASK);
  expect(environment.log).toContainEqual(expect.objectContaining({ message: 'the task failed' }));
});
