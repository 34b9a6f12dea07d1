import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const NAME = '/aws/rds/cluster/shop/postgresql';
const BASE: LogGroupProperties = { logGroupName: NAME };
const MASKED = {
  ...BASE,
  maskedData: ['EmailAddress', 'arn:aws-cn:dataprotection::aws:data-identifier/Name'],
};
const IDENTIFIERS = [
  'arn:aws:dataprotection::aws:data-identifier/EmailAddress',
  'arn:aws-cn:dataprotection::aws:data-identifier/Name',
];

let environment: TestEnvironment;
let resource: StackResource<LogGroupProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldLogGroup', 'LogGroup');
});
afterEach(async () => environment.stop());

const group = () => environment.logs.groupOf(NAME);
const policy = () => JSON.parse(group()?.policy ?? 'null') as unknown;

test('masks each identifier that it audits', async () => {
  await resource.create(MASKED);
  expect(policy()).toEqual({
    Name: 'cdk-datafold-postgres',
    Description: 'Masks data in the statement log that Datafold reads',
    Version: '2021-06-01',
    Statement: [
      { Sid: 'audit', DataIdentifier: IDENTIFIERS, Operation: { Audit: { FindingsDestination: {} } } },
      { Sid: 'mask', DataIdentifier: IDENTIFIERS, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  });
});

test('is removed when no longer requested, and on Delete', async () => {
  await resource.create(MASKED);
  await resource.update(BASE);
  expect(group()).toEqual({});
  await resource.update(MASKED);
  expect(policy()).not.toBeNull();
  await resource.remove();
  expect(group()).toEqual({});
});

test.each(['succeeded', 'failed'])(
  'the rollback of an update that requested it first and %s leaves no tag',
  async (how) => {
    environment.logs.add(NAME, how === 'failed' ? { policy: '{"Name":"security-team"}' } : {});
    await resource.create(BASE);
    const before = { group: group(), tags: environment.logs.tagsOf(NAME) };
    const id = resource.physicalId!;
    const answer = await resource.updateTo(MASKED, BASE, id);
    expect(answer.Status).toBe(how === 'failed' ? 'FAILED' : 'SUCCESS');
    expect(environment.logs.tagsOf(NAME)).not.toEqual({});
    expect((await resource.updateTo(BASE, MASKED, id)).Status).toBe('SUCCESS');
    expect({ group: group(), tags: environment.logs.tagsOf(NAME) }).toEqual(before);
  },
);

test('does not overwrite the policy of somebody else', async () => {
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });

  const answer = await resource.create({ ...MASKED, logRetention: '30' });

  expect(answer.Reason).toBe(
    `The log group ${NAME} already has a data protection policy (security-team), which is not changed. Add the identifiers to that policy and remove them from maskedData, then deploy again.`,
  );
  expect(group()).toEqual({ policy: '{"Name":"security-team"}' });
});

test('a policy that replaced the one of this library fails an update, but not its rollback', async () => {
  await resource.create(MASKED);
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });

  const { Reason } = await resource.update({ ...MASKED, logRetention: '30' });

  expect(Reason).toBe(
    `The log group ${NAME} already has a data protection policy (security-team), which is not changed. Add the identifiers to that policy and remove them from maskedData, then deploy again.`,
  );
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: { LogGroupName: NAME },
  });
  expect(group()).toEqual({ policy: '{"Name":"security-team"}' });
  expect(environment.log).toContainEqual(
    expect.objectContaining({
      message: 'a check failed, but the stack is being rolled back',
      error: Reason,
    }),
  );
});

test('a Delete keeps a policy that replaced the one of this library', async () => {
  await resource.create(MASKED);
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(group()).toEqual({ policy: '{"Name":"security-team"}' });
  const warnings = environment.log.filter(({ level }) => level === 'WARN').map(({ message }) => message);
  expect(warnings).toEqual(['masking not removed: changed outside of this deployment']);
});

test('is not read if no masking is requested', async () => {
  environment.faults.fail('logs:GetDataProtectionPolicy', 'AccessDenied');
  await resource.create({ ...BASE, logRetention: '30' });
  expect((await resource.remove()).Status).toBe('SUCCESS');
});
