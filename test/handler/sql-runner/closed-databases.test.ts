import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const both = { ...ACCESS, databases: [{ databaseName: 'app' }, { databaseName: 'hr' }] };
const CLOSED = 'The administrator cannot connect to database "hr": nothing was revoked in it.';

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('ALTER DATABASE hr ALLOW_CONNECTIONS true').catch(() => undefined);
  await server.freshDatabase('hr');
});
afterEach(async () => {
  await server.sql('ALTER DATABASE hr OWNER TO master');
  await server.sql('ALTER DATABASE hr ALLOW_CONNECTIONS true');
  await succeed(requests().remove({ access: both }));
});
const closeToAdmin = () =>
  server.sql('ALTER DATABASE hr OWNER TO rdsadmin; REVOKE CONNECT ON DATABASE hr FROM PUBLIC');

describe('a database that the administrator could never connect to', () => {
  test.each([
    ['it has no right to', closeToAdmin, /permission denied for database "hr" \(42501\)/],
    [
      'it is shut',
      () => server.sql('ALTER DATABASE hr ALLOW_CONNECTIONS false'),
      /"hr" is not currently accepting connections \(55000\)/,
    ],
  ])('because %s, does not prevent the rollback', async (_why, close, reason) => {
    await succeed(requests().apply());
    await close();
    const before = await server.dump('app');
    expect((await fail(requests().apply({ access: both, previous: ACCESS }))).message).toMatch(reason);
    expect((await succeed(requests().apply({ previous: both }))).notices).toEqual([CLOSED]);
    expect(await server.dump('app')).toBe(before);
    expect((await succeed(requests().remove({ access: both }))).notices).toEqual([CLOSED]);
    expect(await server.roleExists('datafold')).toBe(false);
  });
});

describe('a database that the administrator can no longer connect to after granting access', () => {
  const held =
    'the role still owns objects or has privileges in "hr", which the administrator cannot connect to (2BP01)';

  test('fails the revoke while other roles can connect', async () => {
    await succeed(requests().apply({ access: both }));
    await closeToAdmin();
    const next = 'Ask its owner to run GRANT CONNECT ON DATABASE "hr" TO "master"; then';
    expect((await fail(requests().apply({ previous: both }))).message).toBe(
      `Revoking in database "hr" failed: the administrator cannot connect to the database (42501). ${next} deploy again.`,
    );
    expect((await fail(requests().remove({ access: both }))).message).toBe(
      `Dropping role "datafold" failed: ${held}. ${next} delete again.`,
    );
  });

  test('is reported if no role can connect any longer', async () => {
    await succeed(requests().apply({ access: both }));
    await server.sql('ALTER DATABASE hr ALLOW_CONNECTIONS false');
    expect((await succeed(requests().apply({ previous: both }))).notices).toEqual([CLOSED]);
    expect((await fail(requests().remove())).message).toBe(
      `Dropping role "datafold" failed: ${held}. Ask its owner to run ALTER DATABASE "hr" ALLOW_CONNECTIONS true; then delete again.`,
    );
  });
});

describe('with onMissing set to warn', () => {
  const lenient = { onMissing: 'warn' } as const;

  test('databases that do not exist or accept no connections are skipped, and schemas that do not exist', async () => {
    await closeToAdmin();
    const databases = [
      { databaseName: 'app', schemas: ['public', 'sails'] },
      { databaseName: 'hr' },
      { databaseName: 'gone' },
    ];
    const { notices } = await succeed(requests().apply({ access: { ...lenient, databases } }));
    expect(notices).toEqual([
      'Database "hr" does not exist, or the administrator cannot connect to it: the database was skipped.',
      'Database "gone" does not exist, or the administrator cannot connect to it: the database was skipped.',
      'Database "app" has no schema "sails", which schemas names.',
    ]);
    await server.sql('SELECT 1', 'app', datafold);
  });

  test('a removed database that accepts no connections is reported', async () => {
    await succeed(requests().apply({ access: both }));
    await closeToAdmin();
    const { notices } = await succeed(requests().apply({ access: lenient, previous: both }));
    expect(notices).toEqual([CLOSED]);
  });
});
