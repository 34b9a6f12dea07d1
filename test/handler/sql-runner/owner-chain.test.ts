import { PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const memberships = () => server.sql(`SELECT to_jsonb(m) - 'oid' AS m FROM pg_auth_members m ORDER BY 1`);

/** The administrator creates a role with CREATEROLE, and so on: since PostgreSQL 16, each has the admin option only on the next. */
beforeAll(async () => {
  const { admin } = server.postgres;
  const as = (user: string) => ({ user, password: 'throw-away' });
  await server.sql(`CREATE ROLE first LOGIN CREATEROLE PASSWORD 'throw-away'`, 'postgres', admin);
  await server.sql(`CREATE ROLE second LOGIN CREATEROLE PASSWORD 'throw-away'`, 'postgres', as('first'));
  await server.sql('CREATE ROLE third; CREATE ROLE "Fourth"', 'postgres', as('second'));
});

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC; -- up to 14, everybody has it
     CREATE SCHEMA a AUTHORIZATION "Fourth"; SET ROLE "Fourth"; CREATE TABLE a.t (id int); RESET ROLE;
     CREATE SCHEMA b AUTHORIZATION third; SET ROLE third; CREATE TABLE b.t (id int)`,
    'app',
  );
});
afterEach(() => succeed(requests().remove()));

test('grants through owners that other owners created, and restores all memberships', async () => {
  const before = await memberships();
  const catalog = await server.dump('app');
  const report = await succeed(requests().apply());
  expect(report).toMatchObject({ databases: [{ relations: 2, unreadableCount: 0 }], notices: [] });
  await server.sql('SELECT FROM a.t, b.t', 'app', { user: 'datafold', password: PASSWORD });
  expect(await memberships()).toEqual(expect.arrayContaining(before));
  await succeed(requests().remove());
  expect(await memberships()).toEqual(before);
  expect(await server.dump('app')).toBe(catalog);
});

testSince(16)(
  'names the owner that the administrator may not act as if it may not join the role between',
  async () => {
    await server.sql(
      `CREATE ROLE apart; CREATE ROLE theirs; GRANT apart TO master WITH INHERIT FALSE, SET FALSE; GRANT theirs TO apart WITH ADMIN OPTION;
     CREATE SCHEMA c AUTHORIZATION theirs; SET ROLE theirs; CREATE TABLE c.t (id int)`,
      'app',
    );
    expect(await fail(requests().apply())).toEqual({
      message:
        'Database "app": 1 object stays unreadable for "datafold", because the administrator may not act as their owners (42501). ' +
        'Ask the owners to run the statements, or set verification.onUnreadable to WARN: "c"."t" of "theirs" (GRANT USAGE ON SCHEMA "c" TO "datafold"; GRANT SELECT ON TABLE "c"."t" TO "datafold";)',
      code: '42501',
      retryable: false,
    });
    const report = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
    expect(report.databases[0]).toMatchObject({ relations: 3, unreadableCount: 1 });
  },
);
