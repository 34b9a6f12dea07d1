import type { ResourceType } from '../../../lib/private/wire/resources';
import { World } from './support/world';

const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0f3c9a10';
const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`;
const [ADMIN, PASSWORD] = [arn('admin-AbCdEf'), arn('password-AbCdEf')];
const [KEY, SOURCE] = [arn('key-AbCdEf'), arn('source-AbCdEf')];
const source = {
  ...{
    secretArn: SOURCE,
    passwordSecretArn: PASSWORD,
    accessKeySecretArn: KEY,
    type: 'pg',
    name: 'shop/app',
  },
  ...{ tempSchema: 't', host: 'h', port: '5432', user: 'datafold', databaseName: 'app', sslMode: 'require' },
  ...{ region: 'eu-west-1', logGroupName: 'g' },
};
const key = { userName: 'reader', secretArn: KEY };

describe('a secret is what its value says', () => {
  const ADMIN_TEXT = '{"username":"dbadmin","password":"adm-secret-1"}';
  const KEY_TEXT = '{"accessKeyId":"AKIAX","secretAccessKey":"wJalrXUtnFEMI"}';
  const BODY = '{"name":"shop/app","type":"pg","options":{"password":"p"}}';
  let world: World;
  beforeEach(async () => {
    world = await World.start();
    for (const secret of ['adm-secret-1', 'wJalrXUtnFEMI']) world.secret(secret);
    world.secrets.add(ADMIN, ADMIN_TEXT);
    world.secrets.add(KEY, KEY_TEXT);
    world.secrets.add(SOURCE, BODY);
    world.secrets.add(PASSWORD, 'made by CDK');
  });
  afterEach(async () => world.stop());
  const create = async (ResourceType: ResourceType, ResourceProperties: object) =>
    world.send({
      RequestType: 'Create',
      StackId: STACK,
      LogicalResourceId: 'L',
      ResourceType,
      ResourceProperties,
    });

  test.each([ADMIN, KEY, SOURCE])('%s is no password', async (secret) => {
    const answer = await create('Custom::DatafoldDataSource', { ...source, passwordSecretArn: secret });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `The secret ${secret} holds a JSON object, not the password of a role, which must be its whole value. Name the secret of the role's password, then deploy again.`,
    });
    expect(await world.secrets.read(SOURCE)).toBe(BODY);
  });

  test('an access key is not written over by a data source', async () => {
    const answer = await create('Custom::DatafoldDataSource', { ...source, secretArn: KEY });
    expect(answer.Reason).toBe(
      `The secret ${KEY} holds an access key: no data source is written over it. Name the secret of a DataSourceConnection, then deploy again.`,
    );
    expect(await world.secrets.read(KEY)).toBe(KEY_TEXT);
  });

  test('a data source is not written over by an access key', async () => {
    world.iam.addUser('reader');
    const answer = await create('Custom::DatafoldAccessKey', { ...key, secretArn: SOURCE });
    expect(answer.Reason).toBe(
      `The secret ${SOURCE} holds a data source: no access key is written over it. Name the secret of a CloudWatchLogsReader, then deploy again.`,
    );
    expect(await world.secrets.read(SOURCE)).toBe(BODY);
  });
});
