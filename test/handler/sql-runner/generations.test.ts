import { createReachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

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

describe('several generations', () => {
  const newer = { owner: { ...OWNER, id: 'id2' } };

  test('the removal of an older generation leaves the role to the newer one', async () => {
    await succeed(requests().apply());
    await succeed(requests().apply(newer));
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual(['Role "datafold" is kept: a newer deployment uses it.']);
    await server.sql('SELECT * FROM shop.items', 'app', datafold);
    await succeed(requests().remove(newer));
    expect([await server.roleExists('datafold'), await server.schemaExists('datafold_tmp', 'app')]).toEqual([
      false,
      false,
    ]);
  });

  test('a new role name creates the new role first; the old role is dropped with its temporary objects and keeps the schema', async () => {
    const before = await server.dump('app');
    const renamed = { ...newer, access: { roleName: 'datafold2' } };
    await succeed(requests().apply());
    await server.sql(
      `CREATE TABLE datafold_tmp.old (id serial); CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.old;
       CREATE TYPE datafold_tmp.e AS ENUM ('a'); CREATE FUNCTION datafold_tmp.f(datafold_tmp.e) RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE VIEW datafold_tmp.changed AS SELECT 1 AS id; CREATE TABLE datafold_tmp.newer (id int);
       CREATE OR REPLACE VIEW datafold_tmp.changed AS SELECT id FROM datafold_tmp.newer`,
      'app',
      datafold,
    );
    await succeed(requests().apply(renamed));
    await server.sql('CREATE TABLE datafold_tmp.new (id int)', 'app', {
      user: 'datafold2',
      password: PASSWORD,
    });
    expect((await succeed(requests().remove())).notices).toEqual([]);
    const left = await server.sql(
      `SELECT relname FROM pg_class WHERE relnamespace = 'datafold_tmp'::regnamespace`,
      'app',
    );
    expect(left).toEqual([{ relname: 'new' }]);
    await succeed(requests().remove(renamed));
    expect(await server.dump('app')).toBe(before);
  });

  describe('with other databases in the newer generation', () => {
    const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
    beforeEach(async () => {
      await server.freshDatabase('dwh');
      await server.sql('CREATE TABLE facts (id int)', 'dwh', server.postgres.admin);
    });

    test('the removal of the older generation revokes what the newer one does not need', async () => {
      const before = await server.dump('dwh');
      await succeed(requests().apply({ access: both }));
      await succeed(requests().apply(newer));
      await succeed(requests().remove({ access: both }));
      await server.sql('SELECT * FROM shop.items', 'app', datafold);
      await expect(server.sql('SELECT * FROM facts', 'dwh', datafold)).rejects.toMatchObject({
        code: '42501',
      });
      expect(await server.schemaExists('datafold_tmp', 'dwh')).toBe(false);
      await succeed(requests().remove(newer));
      expect(await server.dump('dwh')).toBe(before);
    });

    test('the removal of a failed generation does the same after the rollback', async () => {
      await succeed(requests().apply());
      await succeed(requests().apply({ ...newer, access: both }));
      await succeed(requests().apply());
      await succeed(requests().remove({ ...newer, access: both }));
      await server.sql('SELECT * FROM shop.items', 'app', datafold);
      await expect(server.sql('SELECT * FROM facts', 'dwh', datafold)).rejects.toMatchObject({
        code: '42501',
      });
      await succeed(requests().remove());
    });

    test('a database in which the newer generation has another temp schema is kept', async () => {
      await succeed(requests().apply({ access: both }));
      await succeed(requests().apply({ ...newer, access: { ...both, tempSchema: 'scratch' } }));
      await succeed(requests().remove({ access: both }));
      await server.sql('SELECT * FROM facts', 'dwh', datafold);
      expect(await server.schemaExists('datafold_tmp', 'dwh')).toBe(false);
      await succeed(requests().remove({ ...newer, access: { ...both, tempSchema: 'scratch' } }));
      expect([await server.roleExists('datafold'), await server.schemaExists('scratch', 'dwh')]).toEqual([
        false,
        false,
      ]);
    });
  });

  test('a rollback after a failed update restores the old state', async () => {
    await succeed(requests().apply());
    const before = await server.dump('app');
    const failed = {
      ...ACCESS,
      tempSchema: 'elsewhere',
      databases: [{ databaseName: 'app', schemas: ['public'] }],
    };
    await succeed(requests().apply({ access: failed, previous: ACCESS }));
    await succeed(requests().apply({ previous: failed }));
    expect(await server.dump('app')).toBe(before);
    await succeed(requests().remove());
  });

  test('a renamed temp schema under another host name of the server leaves nothing behind', async () => {
    const scratch = { ...newer, access: { tempSchema: 'scratch' } };
    const before = await server.dump('app');
    await succeed(requests().apply());
    await server.sql('CREATE TABLE datafold_tmp.t (id int)', 'app', datafold);
    await succeed(requests().apply({ ...scratch, previous: ACCESS }));
    expect((await succeed(requests().remove())).notices).toEqual([
      'Role "datafold" is kept: a newer deployment uses it.',
    ]);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
    await succeed(requests().remove(scratch));
    expect(await server.dump('app')).toBe(before);
  });
});
