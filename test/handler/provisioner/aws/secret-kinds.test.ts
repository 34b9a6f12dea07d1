import type { ResourceType } from '../../../../lib/private/wire/resources';
import { ADMIN, KEY, key, PASSWORD, SOURCE, source, STACK, USER_POLICY } from '../support/secrets-of-a-stack';
import { TestEnvironment } from '../support/test-environment';

describe('a secret is what its value says', () => {
  const ADMIN_TEXT = '{"username":"dbadmin","password":"adm-secret-1"}';
  const KEY_TEXT = '{"accessKeyId":"AKIAX","secretAccessKey":"wJalrXUtnFEMI"}';
  const BODY = '{"name":"shop/app","type":"pg","options":{"password":"p"}}';
  let environment: TestEnvironment;
  beforeEach(async () => {
    environment = await TestEnvironment.start();
    for (const secret of ['adm-secret-1', 'wJalrXUtnFEMI']) environment.secret(secret);
    environment.secrets.add(ADMIN, ADMIN_TEXT);
    environment.secrets.add(KEY, KEY_TEXT);
    environment.secrets.add(SOURCE, BODY);
    environment.secrets.add(PASSWORD, 'made by CDK');
  });
  afterEach(async () => environment.stop());
  const create = async (ResourceType: ResourceType, ResourceProperties: object) =>
    environment.send({
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
    expect(await environment.secrets.read(SOURCE)).toBe(BODY);
  });

  test.each(['correct horse\n', 'correct horse\r\n'])(
    'a password does not end with a line break: %j',
    async (text) => {
      environment.secrets.add(PASSWORD, text);
      const answer = await create('Custom::DatafoldDataSource', { ...source, passwordSecretArn: PASSWORD });
      expect(answer).toMatchObject({
        Status: 'FAILED',
        Reason: `The secret ${PASSWORD} ends with a line break, which an editor or \`echo\` has added to the password. Store the password without it, for example from a file that \`printf %s\` wrote, then deploy again.`,
      });
    },
  );

  test('a password may begin and end with blanks', async () => {
    environment.secrets.add(PASSWORD, ' correct horse ');
    await create('Custom::DatafoldDataSource', { ...source, passwordSecretArn: PASSWORD });
    expect(JSON.parse(await environment.secrets.read(SOURCE))).toMatchObject({
      options: { password: ' correct horse ' },
    });
  });

  test('an access key is not written over by a data source', async () => {
    const answer = await create('Custom::DatafoldDataSource', { ...source, secretArn: KEY });
    expect(answer.Reason).toBe(
      `The secret ${KEY} holds an access key, which a data source must not overwrite. Name the secret of a DataSource, then deploy again.`,
    );
    expect(await environment.secrets.read(KEY)).toBe(KEY_TEXT);
  });

  test('a data source is not written over by an access key', async () => {
    environment.iam.addUser('reader', USER_POLICY);
    const answer = await create('Custom::DatafoldAccessKey', { ...key, secretArn: SOURCE });
    expect(answer.Reason).toBe(
      `The secret ${SOURCE} holds a data source, which an access key must not overwrite. Name the secret of a CloudWatchLogsUser, then deploy again.`,
    );
    expect(await environment.secrets.read(SOURCE)).toBe(BODY);
  });
});
