import { idAfterRemoval } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const NAME = '/aws/rds/cluster/shop/postgresql';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const OTHER_KEY = 'arn:aws:kms:us-east-1:111122223333:key/99999999-2222-3333-4444-555555555555';
const BASE: LogGroupProperties = { logGroupName: NAME };

let environment: TestEnvironment;
let resource: StackResource<LogGroupProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldLogGroup', 'LogGroup');
});

afterEach(async () => {
  await environment.stop();
});

const group = () => environment.logs.groupOf(NAME);
const warnings = () => environment.log.filter(({ level }) => level === 'WARN').map(({ message }) => message);

describe('create', () => {
  test('creates a missing group with retention and key', async () => {
    const answer = await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });

    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `datafold-log-group:${NAME}` });
    expect(answer.Data).toEqual({ LogGroupName: NAME, Notice: '' });
    expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
    expect(environment.faults.calls).not.toContain(`logs:AssociateKmsKey ${NAME}`);
  });

  test('uses a group that RDS created first', async () => {
    environment.logs.add(NAME);
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    expect(group()).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
  });

  test('uses a group that RDS creates at the same moment', async () => {
    environment.logs.addAfterLook(NAME);
    expect((await resource.create({ ...BASE, logRetention: '30' })).Status).toBe('SUCCESS');
    expect(group()).toEqual({ retentionInDays: 30 });
  });

  test('keeps a longer retention that was set before', async () => {
    environment.logs.add(NAME, { retentionInDays: 90 });
    await resource.create({ ...BASE, logRetention: '30' });
    expect(group()).toEqual({ retentionInDays: 90 });
  });

  test('shortens a longer retention if requested', async () => {
    environment.logs.add(NAME, { retentionInDays: 90 });
    await resource.create({ ...BASE, logRetention: '30', shortenLogRetention: 'true' });
    expect(group()).toEqual({ retentionInDays: 30 });
  });

  test('extends a shorter retention that was set before', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    await resource.create({ ...BASE, logRetention: '30' });
    expect(group()).toEqual({ retentionInDays: 30 });
  });

  test('removes the retention policy for an infinite retention', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    await resource.create({ ...BASE, logRetention: '9999' });
    expect(group()).toEqual({});
  });

  test('does not change settings that are not requested', async () => {
    environment.logs.add(NAME, { retentionInDays: 7, kmsKeyArn: OTHER_KEY });
    await resource.create(BASE);
    expect(group()).toEqual({ retentionInDays: 7, kmsKeyArn: OTHER_KEY });
  });

  test('a failure restores the settings that were changed before it', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    const detail = 'The specified KMS key does not exist or is not allowed to be used with LogGroup';
    environment.faults.fail('logs:AssociateKmsKey', 'InvalidParameter', detail);

    const answer = await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });

    expect(answer.Reason).toBe(
      `logs:AssociateKmsKey on ${NAME} failed with InvalidParameter: The specified KMS key does not exist or is not allowed to be used with LogGroup. Deploy again; if the failure persists, find the code in the AWS documentation.`,
    );
    expect(answer.PhysicalResourceId).toMatch(/^datafold-not-created\//);
    expect(group()).toEqual({ retentionInDays: 7 });
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('waits for the propagation of a policy', async () => {
    environment.faults.denyFor(20_000, 'logs:DescribeLogGroups');
    expect((await resource.create({ ...BASE, logRetention: '30' })).Status).toBe('SUCCESS');
    expect(group()).toEqual({ retentionInDays: 30 });
  });

  test('waits for the end of another change of the group', async () => {
    environment.logs.add(NAME);
    environment.faults.fail(
      'logs:PutRetentionPolicy',
      'OperationAborted',
      'A conflicting operation is in progress',
      2,
    );
    expect((await resource.create({ ...BASE, logRetention: '30' })).Status).toBe('SUCCESS');
    expect(group()).toEqual({ retentionInDays: 30 });
  });
});

describe('update', () => {
  test('changes its own settings, to a shorter retention too, and keeps the physical id', async () => {
    await resource.create({ ...BASE, logRetention: '30' });
    const answer = await resource.update({ ...BASE, logRetention: '14' });
    expect(answer.PhysicalResourceId).toBe(`datafold-log-group:${NAME}`);
    expect(group()).toEqual({ retentionInDays: 14 });
  });

  test('does not shorten the retention below the original one', async () => {
    environment.logs.add(NAME, { retentionInDays: 90 });
    await resource.create({ ...BASE, logRetention: '180' });
    await resource.update({ ...BASE, logRetention: '30' });
    expect(group()).toEqual({ retentionInDays: 90 });
  });

  test('restores settings that are no longer requested', async () => {
    environment.logs.add(NAME, { retentionInDays: 7, kmsKeyArn: OTHER_KEY });
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    await resource.update(BASE);
    expect(group()).toEqual({ retentionInDays: 7, kmsKeyArn: OTHER_KEY });
  });

  test('keeps settings that were changed since', async () => {
    await resource.create({ ...BASE, logRetention: '30' });
    environment.logs.add(NAME, { retentionInDays: 365 });
    const answer = await resource.update({ ...BASE, logRetention: '60' });
    expect(group()).toEqual({ retentionInDays: 365 });
    expect(warnings()).toEqual(['not changed: set outside of this deployment']);
    expect(answer.Data).toMatchObject({
      Notice: `The log group ${NAME} keeps a retention of 365 days, which was set outside of this deployment, instead of a retention of 60 days. To let deployments change it again, set a retention of 60 days.`,
    });
  });

  test('reports a retention that is shorter than the requested one and a key that somebody else set, and changes neither', async () => {
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    environment.logs.add(NAME, { retentionInDays: 3, kmsKeyArn: OTHER_KEY });
    const answer = await resource.update({ ...BASE, logRetention: '60', logEncryptionKey: KEY });
    expect(group()).toEqual({ retentionInDays: 3, kmsKeyArn: OTHER_KEY });
    expect(answer.Data).toMatchObject({
      Notice: `The log group ${NAME} keeps a retention of 3 days, which was set outside of this deployment, instead of a retention of 60 days. To let deployments change it again, set a retention of 60 days. The log group ${NAME} keeps the key ${OTHER_KEY}, which was set outside of this deployment, instead of the key ${KEY}. To let deployments change it again, set the key ${KEY}.`,
    });
  });

  test('a value that is set by hand as the notice asks is changed and restored again', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    await resource.create({ ...BASE, logRetention: '30' });
    await environment.logs.setRetention(NAME, 3);
    await resource.update({ ...BASE, logRetention: '60' });
    await environment.logs.setRetention(NAME, 60);
    await resource.update({ ...BASE, logRetention: '90' });
    expect(group()).toEqual({ retentionInDays: 90 });
    await resource.remove();
    expect(group()).toEqual({ retentionInDays: 7 });
  });

  test('a move to another log group restores the previous one in the update, and its Delete changes nothing', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    await resource.create({ ...BASE, logRetention: '30' });
    const id = resource.physicalId;
    await resource.update({ logGroupName: `${NAME}-2`, logRetention: '30' });
    expect(resource.physicalId).toBe(idAfterRemoval(`datafold-log-group:${NAME}-2`, id!));
    expect(environment.log.map(({ message }) => message)).toContain(
      'nothing to remove: the update has removed it',
    );
    expect(group()).toEqual({ retentionInDays: 7 });
    expect(environment.logs.groupOf(`${NAME}-2`)).toEqual({ retentionInDays: 30 });
    await resource.update({ logGroupName: `${NAME}-2`, logRetention: '60' });
    expect(environment.logs.groupOf(`${NAME}-2`)).toEqual({ retentionInDays: 60 });
    await resource.update({ ...BASE, logRetention: '90' });
    expect(group()).toEqual({ retentionInDays: 90 });
    await resource.remove();
    expect(group()).toEqual({ retentionInDays: 7 });
  });

  test('the rollback of a failed update restores the previous settings', async () => {
    await resource.create({ ...BASE, logRetention: '30' });
    environment.faults.fail('logs:AssociateKmsKey', 'InvalidParameter', 'no such key', 1);
    const answer = await resource.update({ ...BASE, logRetention: '60', logEncryptionKey: KEY });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: resource.physicalId });
    expect(group()).toEqual({ retentionInDays: 30 });
  });
});

describe('delete', () => {
  test.each([
    ['a group that RDS made', {}, {}],
    ['a retention', { retentionInDays: 7 }, { retentionInDays: 7 }],
    ['a longer retention', { retentionInDays: 90 }, { retentionInDays: 90 }],
    ['a key', { kmsKeyArn: OTHER_KEY }, { kmsKeyArn: OTHER_KEY }],
  ])('restores %s', async (_, before, after) => {
    environment.logs.add(NAME, before);
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    expect(group()).not.toEqual(after);
    await resource.update({ ...BASE, logRetention: '60', logEncryptionKey: KEY });

    expect((await resource.remove()).Status).toBe('SUCCESS');

    expect(group()).toEqual(after);
  });

  test('keeps the group that it created, without the key but with the retention', async () => {
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    await resource.remove();
    expect(group()).toEqual({ retentionInDays: 30 });
  });

  test('keeps settings that were changed since', async () => {
    environment.logs.add(NAME, { retentionInDays: 7 });
    await resource.create({ ...BASE, logRetention: '30', logEncryptionKey: KEY });
    environment.logs.add(NAME, { retentionInDays: 365, kmsKeyArn: OTHER_KEY });
    await resource.remove();
    expect(group()).toEqual({ retentionInDays: 365, kmsKeyArn: OTHER_KEY });
    expect(warnings()).toEqual([
      'retention not restored: changed outside of this deployment',
      'key not restored: changed outside of this deployment',
    ]);
  });

  test('succeeds if the group does not exist, and if repeated', async () => {
    await resource.create({ ...BASE, logRetention: '30' });
    expect((await resource.remove()).Status).toBe('SUCCESS');
    environment.logs.drop(NAME);
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(group()).toBeUndefined();
  });

  test('does nothing for a physical id that CloudFormation generated', async () => {
    environment.logs.add(NAME, { retentionInDays: 30 });
    const answer = await resource.delete('shop-LogGroup-1A2B3C4D5E6F', { ...BASE, logRetention: '30' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'shop-LogGroup-1A2B3C4D5E6F' });
    expect(group()).toEqual({ retentionInDays: 30 });
  });
});
