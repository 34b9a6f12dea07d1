import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { createUnreachableOwner } from '../../../support/postgres-server/rds';
import { withServer } from '../../../support/with-server';
import { ADMIN_SECRET } from '../support/access';
import { setUpRealAccess } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<DatabaseAccessProperties>;
let properties: DatabaseAccessProperties;

beforeAll(async () => {
  await createUnreachableOwner(
    await server.connection('postgres'),
    'foreign_owner',
    server.postgres.versionNum,
  );
});
beforeEach(async () => {
  await server.freshDatabase('app');
  environment = await TestEnvironment.start();
  properties = setUpRealAccess(environment, server.postgres);
  resource = new StackResource(environment, 'Custom::DatafoldDatabaseAccess', 'Access');
});
afterEach(async () => environment.stop());

const verdicts = () => resource.answers.map(({ Status }) => Status);

test('a table that the administrator can not grant fails an update, but not its rollback, which reverts the other changes', async () => {
  await resource.create(properties);
  await server.sql('CREATE SCHEMA theirs AUTHORIZATION foreign_owner', 'app');
  await server.sql('SET ROLE foreign_owner; CREATE TABLE theirs.orders (id int)', 'app');

  const answer = await resource.update({ ...properties, tempSchema: 'scratch' });

  const unreadable =
    'GRANT USAGE ON SCHEMA "theirs" TO "datafold"; GRANT SELECT ON TABLE "theirs"."orders" TO "datafold";';
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason:
      'Database "app": 1 object stays unreadable for "datafold", because the administrator may not act as their owners (42501). ' +
      `Ask the owners to run the statements, or set verification.onUnreadable to WARN: "theirs"."orders" of "foreign_owner" (${unreadable})`,
  });
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: {
      Unreadable: '1',
      ConnectionStep: 'ok',
      TempSchemaStep: 'ok',
      SchemaDownloadStep:
        'failed: app: 0 of 1 relations in 2 schemas can be read. USAGE is missing on 1 of the schemas.',
    },
  });
  expect(await server.schemaExists('scratch', 'app')).toBe(false);
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
  await resource.remove();
});

const databases = [{ databaseName: 'app' }, { databaseName: 'hr' }];

test.each([
  ['was dropped', 'DROP DATABASE hr'],
  ['is shut', 'ALTER DATABASE hr ALLOW_CONNECTIONS false'],
])('a database that %s since fails an update, but not its rollback', async (_how, sql) => {
  await server.freshDatabase('hr');
  await resource.create({ ...properties, databases });
  await server.sql(sql);
  await resource.update({ ...properties, databases, tempSchema: 'scratch' });
  expect(verdicts()).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
  if (sql.startsWith('ALTER')) await server.sql('ALTER DATABASE hr ALLOW_CONNECTIONS true');
  await resource.remove();
});

test('a schema that was dropped since fails an update, but not its rollback', async () => {
  await server.sql('CREATE SCHEMA s', 'app', server.postgres.admin);
  const named = { ...properties, databases: [{ databaseName: 'app', schemas: ['public', 's'] }] };
  await resource.create(named);
  await server.sql('DROP SCHEMA s', 'app');
  await resource.update({ ...named, tempSchema: 'scratch' });
  expect(verdicts()).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
  await resource.remove();
});

describe('a database that the administrator may not connect to', () => {
  const refusal =
    /^Connecting to database "hr" at .* failed: permission denied for database "hr" \(42501\)\. The user may not connect to the database\. Ask the owner of the database to grant CONNECT\.$/;

  beforeEach(async () => {
    await server.freshDatabase('hr');
    await server.sql('REVOKE CONNECT ON DATABASE hr FROM PUBLIC; ALTER DATABASE hr OWNER TO rdsadmin');
  });

  test('fails a Create, which is rolled back', async () => {
    const before = await server.dump('app');
    const answer = await resource.create({ ...properties, databases });
    expect(answer.Reason).toMatch(refusal);
    expect(verdicts()).toEqual(['FAILED', 'SUCCESS']);
    expect(await server.dump('app')).toBe(before);
  });

  test('fails an Update, which is rolled back', async () => {
    await resource.create(properties);
    const before = await server.dump('app');
    const answer = await resource.update({ ...properties, databases });
    expect(answer.Reason).toMatch(refusal);
    expect(verdicts()).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
    expect(await server.dump('app')).toBe(before);
    await resource.remove();
  });

  test.each([
    ['last', databases],
    ['first', [...databases].reverse()],
  ])(
    'that became so after a deployment is reported when another one is rolled back: the %s',
    async (_which, desired) => {
      await server.sql('ALTER DATABASE hr OWNER TO master');
      await resource.create({ ...properties, databases: desired });
      await server.sql('REVOKE CONNECT ON DATABASE hr FROM master; ALTER DATABASE hr OWNER TO rdsadmin');
      await resource.update({ ...properties, databases: desired, tempSchema: 'scratch' });
      expect(verdicts()).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
      expect(resource.answers.at(-1)?.Data?.Notices).toContain(
        `Database "hr" does not exist, or the administrator cannot connect to it: the database was skipped.`,
      );
      await server.sql('ALTER DATABASE hr OWNER TO master');
      await resource.remove();
    },
  );
});

test("a changed administrator's password fails an update, but not its rollback, which changes nothing on the server", async () => {
  await server.sql('DROP DATABASE IF EXISTS hr'); // another test has closed it to the administrator
  const { user, password } = server.postgres.admin;
  const setPassword = (text: string) =>
    environment.secrets.add(ADMIN_SECRET, JSON.stringify({ username: user, password: text }));
  await resource.create(properties);
  const before = await server.dump('app');
  setPassword(environment.secret('not the password of anybody'));

  const answer = await resource.update({ ...properties, tempSchema: 'scratch' });

  expect(answer.Reason).toMatch(/password authentication failed for user ".*" \(28P01\)/);
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: { Relations: 'unknown', Notices: expect.stringMatching(/^The rollback could not restore/) },
  });
  expect(await server.dump('app')).toBe(before);
  setPassword(password);
  expect((await resource.update({ ...properties, tempSchema: 'scratch' })).Status).toBe('SUCCESS');
  expect(await server.schemaExists('scratch', 'app')).toBe(true);
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
});
