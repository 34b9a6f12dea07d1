import { createUnreachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
/** An administrator of only its own role `clerk`. */
const plain = { user: 'plain', password: 'plain' };

beforeAll(async () => {
  const superuser = await server.connection('postgres');
  await createUnreachableOwner(superuser, 'foreign_owner', server.postgres.versionNum);
  await server.sql(`CREATE ROLE plain LOGIN CREATEROLE CREATEDB PASSWORD 'plain'`);
  await server.sql('CREATE ROLE clerk', 'postgres', plain);
});
beforeEach(() => server.freshDatabase('app'));
afterEach(async () => {
  // For a superuser as the administrator, a role that `plain` created is not a role of the library.
  if (await server.roleExists('datafold'))
    await server.sql('DROP OWNED BY datafold; DROP ROLE datafold', 'app');
});

test('a table in a schema on which the administrator lacks USAGE does not prevent grants on other tables of its owner', async () => {
  await server.sql(
    `ALTER DATABASE app OWNER TO plain; CREATE SCHEMA clerk AUTHORIZATION clerk;
     SET ROLE clerk; CREATE TABLE clerk.orders (id int); CREATE TABLE clerk.old (id int); RESET ROLE;
     CREATE SCHEMA archive AUTHORIZATION foreign_owner; ALTER TABLE clerk.old SET SCHEMA archive`,
    'app',
  );
  const access = { onUnreadable: 'warn' } as const;
  const { databases } = await succeed(requests().apply({ admin: plain, access }));
  expect(databases[0]).toMatchObject({
    unreadableCount: 1,
    unreadable: [{ relation: '"archive"."old" of "clerk"' }],
  });
  await server.sql('SELECT * FROM clerk.orders', 'app', datafold);
});

test('revokes what it may if the administrator lost USAGE on one of the schemas', async () => {
  await server.sql(
    `ALTER DATABASE app OWNER TO plain; CREATE SCHEMA one AUTHORIZATION clerk; CREATE SCHEMA two AUTHORIZATION clerk;
     SET ROLE clerk; CREATE TABLE one.t (id int); CREATE TABLE two.t (id int)`,
    'app',
  );
  await succeed(requests().apply({ admin: plain }));
  await server.sql('ALTER SCHEMA two OWNER TO foreign_owner', 'app');
  const access = { ...ACCESS, databases: [{ databaseName: 'app', excludeSchemas: ['one', 'two'] }] };
  const { notices } = await succeed(requests().apply({ admin: plain, access, previous: ACCESS }));
  const notRevoked = (statement: string) =>
    `A privilege could not be revoked. Ask its grantor to run: ${statement} FROM "datafold" CASCADE;`;
  // Up to PostgreSQL 14, there is a notice about the schema public too.
  expect(notices.filter((notice) => !notice.includes('PUBLIC may create tables'))).toEqual([
    notRevoked('REVOKE ALL ON SCHEMA "two"'),
    notRevoked('REVOKE ALL ON TABLE "two"."t"'),
  ]);
  const tables = `SELECT table_schema FROM information_schema.role_table_grants WHERE grantee = 'datafold'`;
  expect(await server.sql(tables, 'app')).toEqual([{ table_schema: 'two' }]);
});

describe('an empty schema that the administrator cannot grant', () => {
  beforeEach(() => server.sql('CREATE SCHEMA closed AUTHORIZATION foreign_owner', 'app'));

  test('fails the run if the schema was named', async () => {
    const access = { databases: [{ databaseName: 'app', schemas: ['closed', 'public'] }] };
    expect(await fail(requests().apply({ access }))).toEqual({
      message:
        'Database "app": 1 object stays unreadable for "datafold", because the administrator may not act as their owners (42501). ' +
        'Ask the owners to run the statements, or set verification.onUnreadable to WARN: schema "closed" of "foreign_owner" (GRANT USAGE ON SCHEMA "closed" TO "datafold";)',
      code: '42501',
      retryable: false,
    });
  });

  test('is reported if all schemas are granted', async () => {
    const { notices, databases } = await succeed(requests().apply());
    expect(notices).toContain(
      'The role cannot use some schemas, nor tables that are created in them later. Ask their owner to run: GRANT USAGE ON SCHEMA "closed" TO "datafold";',
    );
    expect(databases[0].steps[2]).toEqual({
      step: 'schema_download',
      ok: true,
      message: '0 of 0 relations in 2 schemas can be read. USAGE is missing on 1 of the schemas.',
    });
  });
});
