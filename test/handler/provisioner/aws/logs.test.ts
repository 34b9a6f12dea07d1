import { sdkLogs } from '../../../../lib/handler/provisioner/aws/logs';
import { AwsEndpoint } from '../support/aws-endpoint';

const GROUP = '/aws/rds/cluster/shop/postgresql';

let aws: AwsEndpoint;

beforeEach(async () => {
  aws = await new AwsEndpoint().start();
});

afterEach(async () => {
  await aws.stop();
});

test('finds a group after others with the same prefix, on any page', async () => {
  aws.answer(
    {
      body: JSON.stringify({
        logGroups: [{ logGroupName: `${GROUP}-2`, retentionInDays: 1 }],
        nextToken: 'more',
      }),
    },
    {
      body: JSON.stringify({
        logGroups: [{ logGroupName: GROUP, retentionInDays: 30, kmsKeyId: 'arn:key' }],
      }),
    },
  );
  expect(await sdkLogs().find(GROUP)).toEqual({ retentionInDays: 30, kmsKeyArn: 'arn:key' });
  expect(aws.calls).toEqual([
    ['DescribeLogGroups', { logGroupNamePrefix: GROUP }],
    ['DescribeLogGroups', { logGroupNamePrefix: GROUP, nextToken: 'more' }],
  ]);
});

test('finds no group without the exact name', async () => {
  aws.answer({ body: JSON.stringify({ logGroups: [{ logGroupName: `${GROUP}-2` }] }) });
  expect(await sdkLogs().find(GROUP)).toBeUndefined();
});

test('sets and removes settings', async () => {
  const logs = sdkLogs();
  await logs.create(GROUP, 'arn:key', { mine: 'yes' });
  await logs.tag(GROUP, { mine: 'no' });
  await logs.untag(GROUP, ['mine']);
  await logs.setRetention(GROUP, 30);
  await logs.setRetention(GROUP);
  await logs.setKey(GROUP, 'arn:key');
  await logs.setKey(GROUP);
  await logs.setProtection(GROUP, '{}');
  await logs.setProtection(GROUP);
  expect(aws.calls).toEqual([
    ['CreateLogGroup', { logGroupName: GROUP, kmsKeyId: 'arn:key', tags: { mine: 'yes' } }],
    ['TagLogGroup', { logGroupName: GROUP, tags: { mine: 'no' } }],
    ['UntagLogGroup', { logGroupName: GROUP, tags: ['mine'] }],
    ['PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 30 }],
    ['DeleteRetentionPolicy', { logGroupName: GROUP }],
    ['AssociateKmsKey', { logGroupName: GROUP, kmsKeyId: 'arn:key' }],
    ['DisassociateKmsKey', { logGroupName: GROUP }],
    ['PutDataProtectionPolicy', { logGroupIdentifier: GROUP, policyDocument: '{}' }],
    ['DeleteDataProtectionPolicy', { logGroupIdentifier: GROUP }],
  ]);
});

test('reads the tags; none if the group does not exist', async () => {
  aws.answer({ body: JSON.stringify({ tags: { mine: 'yes' } }) });
  aws.refuse('ResourceNotFoundException', 'The specified log group does not exist.');
  expect(await sdkLogs().readTags(GROUP)).toEqual({ mine: 'yes' });
  expect(await sdkLogs().readTags(GROUP)).toEqual({});
  expect(aws.calls[0]).toEqual(['ListTagsLogGroup', { logGroupName: GROUP }]);
});

test('reads the data protection policy, if there is one', async () => {
  aws.answer({ body: JSON.stringify({ policyDocument: '{"Name":"x"}' }) }, {});
  expect(await sdkLogs().readProtection(GROUP)).toBe('{"Name":"x"}');
  expect(await sdkLogs().readProtection(GROUP)).toBeUndefined();
});

test.each([
  ['ResourceAlreadyExistsException', 'ResourceAlreadyExists'],
  ['OperationAbortedException', 'OperationAborted'],
])('%s is known as %s', async (wire, code) => {
  aws.refuse(wire, 'Because.');
  await expect(sdkLogs().create(GROUP)).rejects.toMatchObject({
    action: 'logs:CreateLogGroup',
    resource: GROUP,
    code,
  });
});
