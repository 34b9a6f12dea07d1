import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const NAME = '/aws/rds/cluster/shop/postgresql';
const BASE: LogGroupProperties = { logGroupName: NAME };
const MASKED = {
  ...BASE,
  maskedDataIdentifiers: ['EmailAddress', 'arn:aws-cn:dataprotection::aws:data-identifier/Name'],
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

test('ends with the wish for it, and on delete', async () => {
  await resource.create(MASKED);
  await resource.update(BASE);
  expect(group()).toEqual({});
  await resource.update(MASKED);
  expect(policy()).not.toBeNull();
  await resource.remove();
  expect(group()).toEqual({});
});

test.each(['succeeded', 'failed'])(
  'the rollback of an update that asked for it for the first time, and %s, leaves no tag behind',
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

test('a policy of somebody else is not overwritten', async () => {
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });

  const answer = await resource.create({ ...MASKED, retentionInDays: '30' });

  expect(answer.Reason).toBe(
    `The log group ${NAME} has a data protection policy already (security-team), which stays as it is. Add the identifiers there and leave them out here, then deploy again.`,
  );
  expect(group()).toEqual({ policy: '{"Name":"security-team"}' });
});

test('a policy that somebody put in place of ours ends an update, but not its rollback', async () => {
  await resource.create(MASKED);
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });

  const { Reason } = await resource.update({ ...MASKED, retentionInDays: '30' });

  expect(Reason).toBe(
    `The log group ${NAME} has a data protection policy already (security-team), which stays as it is. Add the identifiers there and leave them out here, then deploy again.`,
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

test('a policy that somebody put in place of ours stays on delete', async () => {
  await resource.create(MASKED);
  environment.logs.add(NAME, { policy: '{"Name":"security-team"}' });
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(group()).toEqual({ policy: '{"Name":"security-team"}' });
  const warnings = environment.log.filter(({ level }) => level === 'WARN').map(({ message }) => message);
  expect(warnings).toEqual(['masking left alone: somebody changed it']);
});

test('is not asked for where nothing is masked', async () => {
  environment.faults.fail('logs:GetDataProtectionPolicy', 'AccessDenied');
  await resource.create({ ...BASE, retentionInDays: '30' });
  expect((await resource.remove()).Status).toBe('SUCCESS');
});
