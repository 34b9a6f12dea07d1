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

describe('several incarnations', () => {
  const newer = { owner: { ...OWNER, id: 'id2' } };

  test('the removal of an older one leaves the role to the newer one', async () => {
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

  test('a new role name makes the new role first; the old one goes with its scratch work and leaves the schema', async () => {
    const before = await server.dump('app');
    const renamed = { ...newer, access: { roleName: 'datafold2' } };
    await succeed(requests().apply());
    await server.sql(
      'CREATE TABLE datafold_tmp.old (id serial); CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.old',
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

  test('after a failed update the old state comes back', async () => {
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

  test('a role whose mark was wiped off is still known by its temp schema', async () => {
    await succeed(requests().apply());
    await server.sql('COMMENT ON ROLE datafold IS NULL');
    await succeed(requests().remove());
    expect(await server.roleExists('datafold')).toBe(false);
  });
});
