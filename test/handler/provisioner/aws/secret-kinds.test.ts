import type { ResourceType } from '../../../../lib/private/wire/resources';
import { ADMIN, KEY, key, PASSWORD, SOURCE, source, STACK, USER_POLICY } from '../support/secrets-of-a-stack';
import { World } from '../support/world';

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
      `The secret ${KEY} holds an access key: no data source is written over it. Name the secret of a DataSource, then deploy again.`,
    );
    expect(await world.secrets.read(KEY)).toBe(KEY_TEXT);
  });

  test('a data source is not written over by an access key', async () => {
    world.iam.addUser('reader', USER_POLICY);
    const answer = await create('Custom::DatafoldAccessKey', { ...key, secretArn: SOURCE });
    expect(answer.Reason).toBe(
      `The secret ${SOURCE} holds a data source: no access key is written over it. Name the secret of a CloudWatchLogsUser, then deploy again.`,
    );
    expect(await world.secrets.read(SOURCE)).toBe(BODY);
  });
});
