import { PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const desired = (excludeTables?: string[]) => ({
  databases: [{ databaseName: 'app', ...(excludeTables && { excludeTables }) }],
});
const readable = async (
  names = [
    'public.users',
    'public.orders',
    'audit.log_2025',
    'audit.log_2026',
    'audit.plain',
    '"odd.s"."t*"',
  ],
) => {
  const rows = await server.sql(
    `SELECT name FROM unnest(ARRAY['${names.join("','")}']) AS name WHERE has_table_privilege('datafold', name, 'SELECT') ORDER BY 1`,
    'app',
  );
  return rows.map(({ name }) => name);
};

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('DROP ROLE IF EXISTS datafold');
  await server.sql(
    `CREATE TABLE users (id int); CREATE TABLE orders (id int); CREATE SCHEMA audit; CREATE TABLE audit.log_2025 (id int);
     CREATE TABLE audit.log_2026 (id int); CREATE TABLE audit.plain (id int); CREATE SCHEMA "odd.s"; CREATE TABLE "odd.s"."t*" (id int); CREATE TABLE "odd.s".tx (id int)`,
    'app',
    server.postgres.admin,
  );
});

test('excluded tables are not granted and do not count as unreadable; a second run writes nothing', async () => {
  const access = desired(['public.users', 'audit.log_*', '"odd.s"."t*"']);
  const { databases, notices } = await succeed(requests().apply({ access }));
  expect(notices).toEqual([]);
  expect(databases[0]).toMatchObject({ relations: 3, unreadableCount: 0, furtherAccess: [] });
  expect(await readable()).toEqual(['audit.plain', 'public.orders']);
  expect(await readable(['"odd.s".tx'])).toEqual(['"odd.s".tx']);
  expect(await succeed(requests().apply({ access }))).toMatchObject({ statements: 0, notices: [] });
});

test('an asterisk matches any characters, and an underscore only itself', async () => {
  await server.sql('CREATE TABLE audit.logx2025 (id int)', 'app', server.postgres.admin);
  await succeed(requests().apply({ access: desired(['*.log_*', 'public.*']) }));
  expect(await readable()).toEqual(['"odd.s"."t*"', 'audit.plain']);
  expect(await readable(['audit.logx2025'])).toEqual(['audit.logx2025']);
});

test('SELECT is revoked on a newly excluded table and granted again when it is no longer excluded', async () => {
  await succeed(requests().apply({ access: desired() }));
  expect(await readable()).toHaveLength(6);
  await succeed(requests().apply({ access: desired(['public.users']), previous: requests().apply().access }));
  expect(await readable()).not.toContain('public.users');
  await expect(server.sql('SELECT FROM users', 'app', datafold)).rejects.toThrow(
    /permission denied for (table|relation) users/,
  );
  await succeed(requests().apply({ access: desired() }));
  expect(await readable()).toHaveLength(6);
});

test('a future table with an excluded name is readable until the next run, and a dry run reports it', async () => {
  const access = desired(['audit.log_*']);
  await succeed(requests().apply({ access }));
  await server.sql('CREATE TABLE audit.log_2027 (id int)', 'app', server.postgres.admin);
  expect(await readable(['audit.log_2027'])).toEqual(['audit.log_2027']);
  const plan = await succeed(requests().plan({ access }));
  expect(plan.planned).toEqual([
    {
      databaseName: 'app',
      statement: expect.stringContaining('REVOKE ALL ON TABLE "audit"."log_2027" FROM "datafold"'),
    },
  ]);
  await succeed(requests().apply({ access }));
  expect(await readable(['audit.log_2027'])).toEqual([]);
});

test('an excluded table that PUBLIC may read is reported with the statement that revokes SELECT', async () => {
  await server.sql('GRANT SELECT ON users TO PUBLIC', 'app');
  const { databases } = await succeed(requests().apply({ access: desired(['public.users']) }));
  expect(databases[0].furtherAccess).toEqual([
    'Database "app": 1 of the excluded tables can still be read by "datafold": "public"."users". ' +
      'PUBLIC may read them, or another role granted SELECT. To revoke that, run: REVOKE SELECT ON TABLE "public"."users" FROM PUBLIC;',
  ]);
});

test('views of an excluded table and parents of an excluded partition are reported, at any depth, unless they are excluded too', async () => {
  await server.sql(
    `CREATE TABLE sales (id int) PARTITION BY RANGE (id); CREATE TABLE secret_sales PARTITION OF sales FOR VALUES FROM (1) TO (9);
     CREATE VIEW people AS SELECT * FROM users; CREATE MATERIALIZED VIEW again AS SELECT * FROM people; CREATE VIEW other AS SELECT * FROM orders`,
    'app',
    server.postgres.admin,
  );
  const excluded = ['public.users', 'public.secret_sales'];
  const { databases } = await succeed(requests().apply({ access: desired(excluded) }));
  expect(databases[0].furtherAccess).toEqual([
    'Database "app": "datafold" can read 3 views of excluded tables or parents of excluded partitions: "public"."again" shows rows of "public"."users", "public"."people" shows rows of "public"."users", "public"."sales" shows rows of "public"."secret_sales". ' +
      'Exclude them too, unless they show only what Datafold may read.',
  ]);
  await server.sql('SELECT FROM sales, people, again', 'app', datafold);
  const all = [...excluded, 'public.sales', 'public.people', 'public.again'];
  expect((await succeed(requests().apply({ access: desired(all) }))).databases[0].furtherAccess).toEqual([]);
});

testSince(15)(
  'a view that checks the privileges of its reader shows no rows of an excluded table',
  async () => {
    await server.sql(
      'CREATE VIEW people WITH (security_invoker = on) AS SELECT * FROM users',
      'app',
      server.postgres.admin,
    );
    const { databases } = await succeed(requests().apply({ access: desired(['public.users']) }));
    expect(databases[0].furtherAccess).toEqual([]);
    expect(databases[0].failing).toMatchObject([{ relation: '"public"."people"' }]);
  },
);

test('grants of an adopted role are reported, not revoked', async () => {
  await server.sql(
    `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; GRANT datafold TO master WITH ADMIN OPTION; GRANT SELECT ON users TO datafold`,
    'app',
  );
  const access = { ...desired(['public.users']), adoptExisting: true };
  const { databases } = await succeed(requests().apply({ access }));
  expect(databases[0].furtherAccess![0]).toContain(
    'REVOKE SELECT ON TABLE "public"."users" FROM "datafold";',
  );
  expect(await readable()).toContain('public.users');
  await succeed(requests().remove({ access }));
});

test('an excluded table of an owner that the administrator may not act as fails no deployment, and a missing one is reported', async () => {
  await server.sql('CREATE TABLE public.closed (id int)', 'app');
  expect(await fail(requests().apply({ access: desired() }))).toMatchObject({ code: '42501' });
  const { notices } = await succeed(
    requests().apply({ access: desired(['public.closed', 'public.gone', 'none.*']) }),
  );
  expect(notices).toContain('Database "app" has no table public.gone, which excludeTables names.');
});

test('future tables of a role that owns only excluded tables are readable', async () => {
  await server.sql(
    'CREATE ROLE clerk; GRANT clerk TO master; CREATE SCHEMA staff AUTHORIZATION clerk; SET ROLE clerk; CREATE TABLE staff.pay (id int)',
    'app',
  );
  await succeed(requests().apply({ access: desired(['staff.pay']) }));
  await server.sql('SET ROLE clerk; CREATE TABLE staff.later (id int)', 'app');
  expect(await readable(['staff.pay', 'staff.later'])).toEqual(['staff.later']);
  await succeed(requests().remove());
  await server.sql('DROP OWNED BY clerk; DROP ROLE clerk', 'app');
});
