import { createReachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

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

describe('what was there before', () => {
  test('a role of that name is an error, and is never removed', async () => {
    await server.sql('CREATE ROLE datafold LOGIN');
    expect(await fail(requests().apply())).toEqual({
      message:
        'The role "datafold" is there already and this stack did not make it. Choose another role name, or set adoptExisting to use it as it is.',
      code: '42710',
      retryable: false,
    });
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual(['Role "datafold" is kept: this stack did not make it.']);
    expect(await server.roleExists('datafold')).toBe(true);
    await server.sql('DROP ROLE datafold');
  });

  test('a role that another stack made is an error that names the stack', async () => {
    const others = { owner: { key: 'k2', id: 'x', stackName: 'Other' } };
    await succeed(requests().apply(others));
    expect((await fail(requests().apply())).message).toBe(
      'The role "datafold" is there already and stack "Other" made it. Choose another role name, or set adoptExisting to use it as it is.',
    );
    expect((await fail(requests().apply({ access: { roleName: 'datafold2' } }))).message).toBe(
      'Database "app": The schema "datafold_tmp" is there already and stack "Other" made it. Choose another tempSchema, or set adoptExisting to use it as it is.',
    );
    expect(await server.roleExists('datafold2')).toBe(false);
    const report = await succeed(requests().remove());
    expect(report.notices).toContain('Role "datafold" is kept: stack "Other" made it.');
    await server.sql('SELECT 1', 'app', datafold);
    await succeed(requests().remove(others));
  });

  test('a schema of that name is an error, and is never removed', async () => {
    await server.sql('CREATE SCHEMA datafold_tmp', 'app', server.postgres.admin);
    const error = await fail(requests().apply());
    expect(error).toEqual({
      message:
        'Database "app": The schema "datafold_tmp" is there already and this stack did not make it. Choose another tempSchema, or set adoptExisting to use it as it is.',
      code: '42P06',
      retryable: false,
    });
    expect(await server.roleExists('datafold')).toBe(false);
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual([
      'Schema "datafold_tmp" in database "app" is kept: it was not made by this stack.',
    ]);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
  });

  test('is adopted when asked for, used, and kept with its privileges', async () => {
    const adopt = { access: { adoptExisting: true } };
    await server.sql(
      'CREATE ROLE datafold; GRANT USAGE ON SCHEMA shop TO datafold; CREATE SCHEMA datafold_tmp AUTHORIZATION master',
      'app',
    );
    await server.sql(
      server.postgres.versionNum >= 160000
        ? 'GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE'
        : 'SELECT 1',
    );
    await succeed(requests().apply(adopt));
    await server.sql('SELECT * FROM shop.items', 'app', datafold);
    const before = await server.dump('app');
    const report = await succeed(requests().remove(adopt));
    expect(report.notices).toEqual([
      'Role "datafold" is kept: it was there before. It keeps its privileges.',
      'Schema "datafold_tmp" in database "app" is kept: it was not made by this stack.',
    ]);
    expect(await server.dump('app')).toBe(before);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('an adopted role keeps grants that no run made when schemas change', async () => {
    await server.sql(
      'CREATE ROLE datafold; CREATE SCHEMA theirs; GRANT USAGE ON SCHEMA theirs TO datafold',
      'app',
    );
    await server.sql(
      server.postgres.versionNum >= 160000
        ? 'GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE'
        : 'SELECT 1',
    );
    const shop = { ...ACCESS, adoptExisting: true, databases: [{ databaseName: 'app', schemas: ['shop'] }] };
    const own = { ...ACCESS, adoptExisting: true, databases: [{ databaseName: 'app', schemas: ['public'] }] };
    await succeed(requests().apply({ access: shop }));
    await succeed(requests().apply({ access: own, previous: shop }));
    const held = `SELECT nspname FROM pg_namespace WHERE nspacl::text LIKE '%datafold=%' ORDER BY 1`;
    const names = (await server.sql(held, 'app')).map((row) => row.nspname);
    expect(names).toContain('theirs');
    expect(names).not.toContain('shop');
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('a superuser is never touched', async () => {
    await server.sql('CREATE ROLE datafold LOGIN SUPERUSER');
    const error = await fail(requests().apply({ access: { adoptExisting: true } }));
    expect(error.message).toBe('The role "datafold" is a superuser. Choose another role name.');
    expect((await succeed(requests().remove())).notices).toEqual([
      'Role "datafold" is kept: it is a superuser.',
    ]);
    await server.sql('DROP ROLE datafold');
  });
});
