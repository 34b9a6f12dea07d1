import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

beforeAll(() => server.sql('CREATE ROLE bob LOGIN; CREATE ROLE alice LOGIN'));
beforeEach(() => server.freshDatabase('app'));
afterEach(() => succeed(requests().remove()));

const asAdmin = (sql: string) => server.sql(sql, 'app', server.postgres.admin);
const may = async (who: string, privilege: string) => {
  const [row] = await server.sql(
    `SELECT has_schema_privilege('${who}', 'datafold_tmp', '${privilege}') AS may`,
    'app',
  );
  return row.may;
};

describe('default privileges of the administrator on schemas', () => {
  beforeEach(() => asAdmin('ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO bob, PUBLIC'));

  test('grant no other role privileges on the temp schema, which the removal drops', async () => {
    const before = await server.dump('app');
    await succeed(requests().apply());
    expect(await may('bob', 'USAGE')).toBe(false);
    expect(await may('bob', 'CREATE')).toBe(false);
    expect(await may('alice', 'USAGE')).toBe(false);
    expect(await may('datafold', 'CREATE')).toBe(true);
    expect((await succeed(requests().apply())).statements).toBe(0);
    expect((await succeed(requests().remove())).notices).toEqual([]);
    expect(await server.dump('app')).toBe(before);
  });

  test('later grants on the temp schema are kept', async () => {
    await succeed(requests().apply());
    await asAdmin('GRANT USAGE ON SCHEMA datafold_tmp TO bob');
    expect((await succeed(requests().apply())).statements).toBe(0);
    expect(await may('bob', 'USAGE')).toBe(true);
  });
});

describe('default privileges of the role', () => {
  const adoptable = async () => {
    await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'app', server.postgres.admin);
    await server.sql(
      `ALTER DEFAULT PRIVILEGES FOR ROLE datafold GRANT SELECT ON TABLES TO bob;
       ALTER DEFAULT PRIVILEGES FOR ROLE datafold GRANT EXECUTE ON FUNCTIONS TO bob`,
      'app',
    );
  };
  afterEach(async () => {
    await server.sql('DROP OWNED BY datafold; DROP ROLE datafold', 'app');
  });

  test('of an existing role are kept and reported', async () => {
    await adoptable();
    const { notices } = await succeed(requests().apply({ access: { adoptExisting: true } }));
    const report = (objects: string) =>
      'Database "app": default privileges grant other roles privileges on schema "datafold_tmp", or on objects that Datafold creates in it. ' +
      `To revoke them, run: ALTER DEFAULT PRIVILEGES FOR ROLE "datafold" REVOKE ALL ON ${objects} FROM bob CASCADE;`;
    expect(notices).toEqual(expect.arrayContaining([report('FUNCTIONS'), report('TABLES')]));
    await succeed(requests().remove({ access: { adoptExisting: true } }));
  });

  test('of a role that an earlier run created are revoked with the new temp schema, so that other roles cannot read it', async () => {
    await succeed(requests().apply({ access: { databases: [] } }));
    await server.sql(
      `ALTER DEFAULT PRIVILEGES FOR ROLE datafold GRANT SELECT ON TABLES TO bob, PUBLIC;
       ALTER DEFAULT PRIVILEGES FOR ROLE datafold GRANT EXECUTE ON FUNCTIONS TO bob`,
      'app',
    );
    await succeed(requests().apply());
    await server.sql(
      `CREATE TABLE datafold_tmp.mine (id int); CREATE FUNCTION datafold_tmp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'app',
      datafold,
    );
    const [row] = await server.sql(
      `SELECT has_table_privilege('bob', 'datafold_tmp.mine', 'SELECT') AS reads,
              (SELECT count(*)::int FROM pg_proc p, aclexplode(p.proacl) a WHERE p.proname = 'f' AND a.grantee = 'bob'::regrole) AS granted`,
      'app',
    );
    expect(row).toEqual({ reads: false, granted: 0 });
  });
});

describe('grants that the role made to other roles', () => {
  const passOn = async () => {
    await asAdmin(
      'CREATE SCHEMA shop; CREATE TABLE shop.items (id int, "the price" int); CREATE TABLE shop.log (id int)',
    );
    await succeed(requests().apply());
    await asAdmin(
      `GRANT SELECT ON shop.items TO datafold WITH GRANT OPTION; GRANT UPDATE ("the price") ON shop.items TO datafold WITH GRANT OPTION;
       GRANT USAGE ON SCHEMA shop TO datafold WITH GRANT OPTION`,
    );
    await server.sql(
      `GRANT SELECT ON shop.items TO bob, PUBLIC; GRANT UPDATE ("the price") ON shop.items TO bob; GRANT USAGE ON SCHEMA shop TO bob`,
      'app',
      datafold,
    );
  };
  const REPORT =
    'Database "app": role "datafold" granted privileges to other roles, which lose them with this removal. To restore them, ask the owners to run: ' +
    'GRANT USAGE ON SCHEMA shop TO bob; GRANT SELECT ON TABLE shop.items TO PUBLIC; GRANT SELECT, UPDATE ("the price") ON TABLE shop.items TO bob;';

  test('are reported by the removal, with statements that restore them', async () => {
    await passOn();
    const { notices } = await succeed(requests().remove());
    expect(notices).toContain(REPORT);
    await asAdmin(REPORT.slice(REPORT.indexOf('GRANT USAGE')));
    await server.sql('SET ROLE bob; SELECT id FROM shop.items; UPDATE shop.items SET "the price" = 1', 'app');
  });

  test('are reported if a schema is no longer read', async () => {
    await passOn();
    const previous = requests().apply().access;
    const databases = [{ databaseName: 'app', excludeSchemas: ['shop'] }];
    const { notices } = await succeed(requests().apply({ previous, access: { databases } }));
    expect(notices).toContain(REPORT);
  });

  test('are not reported if there are none', async () => {
    await asAdmin('CREATE SCHEMA shop; CREATE TABLE shop.items (id int)');
    await succeed(requests().apply());
    expect((await succeed(requests().remove())).notices).toEqual([]);
  });
});
