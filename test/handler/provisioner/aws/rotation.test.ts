import { sdkIam } from '../../../../lib/handler/provisioner/aws/iam';
import { sdkNotices } from '../../../../lib/handler/provisioner/aws/notify';
import { sdkParameters } from '../../../../lib/handler/provisioner/aws/parameters';
import { sdkRotation } from '../../../../lib/handler/provisioner/aws/rotation';
import { sdkStatementLog } from '../../../../lib/handler/provisioner/aws/statement-log';
import { AwsEndpoint } from '../support/aws-endpoint';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

test('reads the labels of the versions of a secret', async () => {
  const versions = { 'token-0': ['AWSCURRENT'], 'token-1': ['AWSPENDING'] };
  aws.answer({ body: JSON.stringify({ VersionIdsToStages: versions }) });
  expect(await sdkRotation().versions(SECRET)).toEqual(versions);
  expect(aws.calls).toEqual([['DescribeSecret', { SecretId: SECRET }]]);
  expect(aws.requests[0]?.headers.authorization).toContain('/eu-west-1/secretsmanager/');
});

test('reads the tags of a secret', async () => {
  aws.answer({ body: JSON.stringify({ Tags: [{ Key: 'a', Value: 'b' }] }) }, { body: '{}' });
  expect(await sdkRotation().tags(SECRET)).toEqual({ a: 'b' });
  expect(await sdkRotation().tags(SECRET)).toEqual({});
});

test('writes, reads and promotes the version of a rotation', async () => {
  aws.answer({}, { body: JSON.stringify({ SecretString: 'hunter22' }) }, {});
  const rotation = sdkRotation();
  await rotation.writePending(SECRET, 'token-1-of-at-least-32-characters', 'hunter22');
  expect(await rotation.readPending(SECRET, 'token-1-of-at-least-32-characters')).toBe('hunter22');
  await rotation.makeCurrent(SECRET, 'token-1-of-at-least-32-characters', 'token-0');
  const token = 'token-1-of-at-least-32-characters';
  expect(aws.calls).toEqual([
    [
      'PutSecretValue',
      {
        SecretId: SECRET,
        ClientRequestToken: token,
        SecretString: 'hunter22',
        VersionStages: ['AWSPENDING'],
      },
    ],
    ['GetSecretValue', { SecretId: SECRET, VersionId: token, VersionStage: 'AWSPENDING' }],
    [
      'UpdateSecretVersionStage',
      {
        SecretId: SECRET,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: token,
        RemoveFromVersionId: 'token-0',
      },
    ],
  ]);
});

test('what AWS says about a new password that it does not take is not passed on', async () => {
  aws.refuse('InvalidParameterException', "Value 'hunter22' at 'secretString' failed to satisfy constraint");
  await expect(sdkRotation().writePending(SECRET, 'token-1', 'hunter22')).rejects.toThrow(
    `secretsmanager:PutSecretValue on ${SECRET} failed with InvalidParameter. Deploy again; if the failure persists, find the code in the AWS documentation.`,
  );
});

test('switches a key off', async () => {
  aws.answer({
    body: '<UpdateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"></UpdateAccessKeyResponse>',
  });
  await sdkIam().deactivateAccessKey('reader', 'AKIA1');
  expect(Object.fromEntries(new URLSearchParams(aws.requests[0]?.body))).toEqual({
    Action: 'UpdateAccessKey',
    Version: '2010-05-08',
    UserName: 'reader',
    AccessKeyId: 'AKIA1',
    Status: 'Inactive',
  });
});

test('publishes subject and text', async () => {
  aws.answer({
    body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
  });
  await sdkNotices().publish('arn:aws:sns:us-east-1:111122223333:people', 'Datafold: news', 'a & b');
  expect(Object.fromEntries(new URLSearchParams(aws.requests[0]?.body))).toEqual({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: 'arn:aws:sns:us-east-1:111122223333:people',
    Message: 'a & b',
    Subject: 'Datafold: news',
  });
});

describe('the statement log', () => {
  const query = {
    key: { accessKeyId: 'AKIADATAFOLD', secretAccessKey: 'wJalrXUtnFEMI' },
    region: 'eu-central-1',
    logGroupName: '/aws/rds/cluster/shop/postgresql',
    since: 1_700_000_000_000,
  };

  test('is read with the key and in the region of Datafold, page by page', async () => {
    aws.answer(
      { body: JSON.stringify({ events: [], nextToken: 'more' }) },
      { body: JSON.stringify({ events: [{ timestamp: 1_700_000_001_000, message: 'CREATE TABLE' }] }) },
    );
    const log = sdkStatementLog();
    const search = { ...query, text: 'lineage_proof_1' };
    expect(await log.page(search)).toEqual({ nextToken: 'more' });
    expect(await log.page({ ...search, nextToken: 'more' })).toEqual({ at: 1_700_000_001_000 });
    const input = {
      logGroupName: query.logGroupName,
      startTime: query.since,
      filterPattern: '"lineage_proof_1"',
    };
    expect(aws.calls).toEqual([
      ['FilterLogEvents', input],
      ['FilterLogEvents', { ...input, nextToken: 'more' }],
    ]);
    expect(aws.requests[0]?.headers.authorization).toMatch(
      /Credential=AKIADATAFOLD\/\d+\/eu-central-1\/logs\//,
    );
  });

  test('is read with another key as soon as there is one', async () => {
    const log = sdkStatementLog();
    for (const accessKeyId of ['AKIADATAFOLD', 'AKIANEXT'])
      await log.page({ ...query, key: { ...query.key, accessKeyId } });
    expect(
      aws.requests.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]),
    ).toEqual(['AKIADATAFOLD', 'AKIANEXT']);
  });

  test('without the line', async () => {
    aws.answer({ body: JSON.stringify({ events: [] }) });
    expect(await sdkStatementLog().page(query)).toEqual({});
  });

  test.each([
    ['UnrecognizedClientException', 'UnrecognizedClient'],
    ['AccessDeniedException', 'AccessDenied'],
    ['ResourceNotFoundException', 'ResourceNotFound'],
  ])('%s is known as %s', async (wire, code) => {
    aws.refuse(wire, 'Because.');
    await expect(sdkStatementLog().page(query)).rejects.toMatchObject({ code });
  });
});

test('reads a parameter of Systems Manager, and says which one does not exist', async () => {
  aws.answer({ body: JSON.stringify({ Parameter: { Value: '{}' } }) });
  expect(await sdkParameters().read('/a/b')).toBe('{}');
  expect(aws.calls).toEqual([['GetParameter', { Name: '/a/b' }]]);
  aws.refuse('ParameterNotFound', '');
  await expect(sdkParameters().read('/a/b')).rejects.toMatchObject({
    code: 'ParameterNotFound',
    action: 'ssm:GetParameter',
    resource: '/a/b',
  });
});
