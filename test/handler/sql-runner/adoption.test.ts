import { createReachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);
/** The text that a run appends to the comment of an existing role while it uses the role. */
const RECORD = / \[cdk-datafold-postgres \{.*\}\]$/m;
const grants = async () => (await server.dump('app')).replace(RECORD, '');

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  await createReachableOwner(admin, 'owner');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA shop AUTHORIZATION owner; SET ROLE owner; CREATE TABLE shop.items (id int)',
    'app',
  );
});

describe('existing roles and schemas', () => {
  test('a role that the stack did not create fails the run and is never removed', async () => {
    await server.sql('CREATE ROLE datafold LOGIN');
    expect(await fail(requests().apply())).toEqual({
      message:
        'The role "datafold" already exists, and this stack did not create it. Choose another role name, or set adoptExisting to use it, with its password in passwordSecret.',
      code: '42710',
      retryable: false,
    });
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual(['Role "datafold" is kept: this stack did not create it.']);
    expect(await server.roleExists('datafold')).toBe(true);
    await server.sql('DROP ROLE datafold');
  });

  test('a role that another stack created fails the run with the name of the stack', async () => {
    const others = { owner: { key: 'k2', id: 'x', stackName: 'Other' } };
    await succeed(requests().apply(others));
    expect((await fail(requests().apply())).message).toBe(
      'The role "datafold" already exists, and stack "Other" created it. Choose another role name, or set adoptExisting. To share the role, also set passwordSecret to the secret with its password. Without passwordSecret, this resource takes over the role: the role gets the password of this stack, and clients with the password of stack "Other" need the new one.',
    );
    expect((await fail(requests().apply({ access: { roleName: 'datafold2' } }))).message).toBe(
      'Database "app": The schema "datafold_tmp" already exists, and stack "Other" created it. Choose another tempSchema, or set adoptExisting to use the schema.',
    );
    expect(await server.roleExists('datafold2')).toBe(false);
    const report = await succeed(requests().remove());
    expect(report.notices).toContain('Role "datafold" is kept: stack "Other" created it.');
    await server.sql('SELECT 1', 'app', datafold);
    await succeed(requests().remove(others));
  });

  test('a schema that the stack did not create fails the run and is never removed', async () => {
    await server.sql('CREATE SCHEMA datafold_tmp', 'app', server.postgres.admin);
    const error = await fail(requests().apply());
    expect(error).toEqual({
      message:
        'Database "app": The schema "datafold_tmp" already exists, and this stack did not create it. Choose another tempSchema, or set adoptExisting to use the schema.',
      code: '42P06',
      retryable: false,
    });
    expect(await server.roleExists('datafold')).toBe(false);
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual([
      'Schema "datafold_tmp" in database "app" is kept: this stack did not create it.',
    ]);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
  });

  test('adoptExisting uses them, and a removal keeps them with their privileges', async () => {
    const adopt = { access: { adoptExisting: true } };
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; GRANT USAGE ON SCHEMA shop TO datafold; CREATE SCHEMA datafold_tmp AUTHORIZATION master`,
      'app',
    );
    await server.sql(
      server.postgres.versionNum >= 160000
        ? 'GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE'
        : 'SELECT 1',
    );
    await succeed(requests().apply(adopt));
    await server.sql('SELECT * FROM shop.items', 'app', datafold);
    const before = await grants();
    const report = await succeed(requests().remove(adopt));
    expect(report.notices).toEqual([
      'Role "datafold" is kept: it existed before this library. It keeps its privileges.',
      'Schema "datafold_tmp" in database "app" is kept: this stack did not create it.',
    ]);
    expect(await server.dump('app')).toBe(before);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  describe('an adopted role keeps all grants, and a notice names the statements that revoke them', () => {
    const adopted = { ...ACCESS, adoptExisting: true };
    const kept = (database: string, statements: string) =>
      `Database "${database}": role "datafold" existed before this library, so its grants are not revoked. If the role does not need them otherwise, run: ${statements}`;

    beforeEach(async () => {
      await server.sql(
        `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; CREATE SEQUENCE shop.seq; GRANT USAGE ON SCHEMA shop TO datafold;
         SET ROLE owner; GRANT SELECT, INSERT ON shop.items TO datafold; RESET ROLE; GRANT USAGE ON SEQUENCE shop.seq TO datafold`,
        'app',
      );
      if (server.postgres.versionNum >= 160000)
        await server.sql('GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE');
    });
    afterEach(async () => {
      for (const name of ['app', 'dwh']) await server.freshDatabase(name);
      await server.sql('DROP ROLE datafold');
    });

    test('in a schema that is excluded', async () => {
      const less = { ...adopted, databases: [{ databaseName: 'app', excludeSchemas: ['shop'] }] };
      await succeed(requests().apply({ access: adopted }));
      const before = await grants();
      const report = await succeed(requests().apply({ access: less, previous: adopted }));
      expect(report.notices).toEqual([
        kept(
          'app',
          'REVOKE SELECT ON ALL TABLES IN SCHEMA "shop" FROM "datafold"; ' +
            'ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA "shop" REVOKE SELECT ON TABLES FROM "datafold"; ' +
            'REVOKE USAGE ON SCHEMA "shop" FROM "datafold";',
        ),
      ]);
      expect(await grants()).toBe(before);
      await server.sql('INSERT INTO shop.items VALUES (1); SELECT * FROM shop.items', 'app', datafold);
      expect((await succeed(requests().apply({ access: less, previous: less }))).notices).toEqual([]);
    });

    test('in a removed database', async () => {
      await server.freshDatabase('dwh');
      await server.sql('CREATE TABLE public.facts (id int)', 'dwh', server.postgres.admin);
      await server.sql(
        'REVOKE CONNECT ON DATABASE dwh FROM PUBLIC; GRANT CONNECT ON DATABASE dwh TO datafold',
      );
      const both = { ...adopted, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
      await succeed(requests().apply({ access: both }));
      const report = await succeed(requests().apply({ access: adopted, previous: both }));
      expect(report.notices).toEqual([
        kept(
          'dwh',
          'REVOKE SELECT ON ALL TABLES IN SCHEMA "public" FROM "datafold"; ' +
            'ALTER DEFAULT PRIVILEGES FOR ROLE "master" IN SCHEMA "public" REVOKE SELECT ON TABLES FROM "datafold"; ' +
            'REVOKE CONNECT ON DATABASE "dwh" FROM "datafold";',
        ),
      ]);
      await server.sql('SELECT * FROM facts', 'dwh', datafold);
      expect(await server.schemaExists('datafold_tmp', 'dwh')).toBe(false);
    });

    test('on future tables, when they are disabled', async () => {
      const without = { ...adopted, futureTables: false };
      const only = { databases: [{ databaseName: 'app', schemas: ['shop'] }] };
      await succeed(requests().apply({ access: { ...adopted, ...only } }));
      const report = await succeed(
        requests().apply({ access: { ...without, ...only }, previous: { ...adopted, ...only } }),
      );
      expect(report.notices).toEqual([
        kept(
          'app',
          'ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA "shop" REVOKE SELECT ON TABLES FROM "datafold";',
        ),
      ]);
    });
  });

  test('a removal drops the temp schema that a run created, with the objects of an adopted role', async () => {
    await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'postgres', server.postgres.admin);
    const adopt = { access: { adoptExisting: true } };
    await succeed(requests().apply(adopt));
    await server.sql('CREATE TABLE datafold_tmp.left_over (id int)', 'app', datafold);
    await succeed(requests().remove(adopt));
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('an adopted role is never dropped, whatever the last request and its comment say', async () => {
    await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'postgres', server.postgres.admin);
    await succeed(requests().apply({ access: { adoptExisting: true } }));
    for (const notice of [
      'it existed before this library. It keeps its privileges.',
      'this stack did not create it.',
    ])
      expect((await succeed(requests().remove())).notices).toEqual([`Role "datafold" is kept: ${notice}`]);
    expect(await server.roleExists('datafold')).toBe(true);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
    await server.sql('DROP OWNED BY datafold', 'app');
    await server.sql('DROP ROLE datafold');
  });

  test('the administrator itself is never adopted', async () => {
    const { user } = server.postgres.admin;
    const access = { roleName: user, adoptExisting: true };
    expect(await fail(requests().apply({ access }))).toEqual({
      message: `The role "${user}" is the administrator itself. Choose another role name.`,
      code: '42710',
      retryable: false,
    });
  });

  test('a superuser is never adopted or changed', async () => {
    await server.sql('CREATE ROLE datafold LOGIN SUPERUSER');
    const error = await fail(requests().apply({ access: { adoptExisting: true } }));
    expect(error.message).toBe('The role "datafold" is a superuser. Choose another role name.');
    expect((await succeed(requests().remove())).notices).toEqual([
      'Role "datafold" is kept: it is a superuser.',
    ]);
    await server.sql('DROP ROLE datafold');
  });
});
