import { PASSWORD, requestsTo } from '../../support/requests';
import { keyProxy, type KeyProxy } from '../../support/key-proxy';
import { errorMessage, plainServer } from '../../support/plain-server';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
let pooler: KeyProxy;

beforeAll(async () => {
  await server.freshDatabase('app');
  pooler = await keyProxy(server.postgres.port);
});
afterAll(() => pooler.stop());
beforeEach(() => void (pooler.queries.length = 0));

const address = () => ({ host: '127.0.0.1', port: pooler.port, tls: 'disable' as const });
const refusal = (database: string, user: string) => ({
  message:
    `Connecting to database "${database}" at 127.0.0.1:${pooler.port} as "${user}" failed: the address is a connection pooler (POOLER). ` +
    'A pooler shares sessions, so settings of the sql-runner would remain in sessions of other clients. Use the address of the server itself, not of PgBouncer, RDS Proxy or another pooler.',
  code: 'POOLER',
  retryable: false,
});

test('every operation refuses a pooler before it changes settings of its sessions', async () => {
  const own = { server: address() };
  const login = { roleName: 'datafold', password: PASSWORD, databaseName: 'app' };
  const role = { ...own, ...login, admin: server.postgres.admin, maintenanceDatabase: 'postgres' };
  const names = { roles: ['x'], databases: [] };
  expect(await fail(requests().apply(own))).toEqual(refusal('app', 'master'));
  expect(await fail(requests().remove(own))).toEqual(refusal('postgres', 'master'));
  expect(await fail(requests().plan(own))).toEqual(refusal('postgres', 'master'));
  expect(
    await fail({ ...role, operation: 'exclude-from-log', desired: names, previousExclusions: names }),
  ).toEqual(refusal('postgres', 'master'));
  await succeed(requests().apply());
  expect(await fail(requests().verify(own))).toEqual(refusal('app', 'datafold'));
  expect(await fail({ ...role, operation: 'set-password', passwordSecret: 'role' })).toEqual(
    refusal('app', 'datafold'),
  );
  expect(
    await fail({
      ...own,
      operation: 'prove',
      login: { user: 'datafold', password: PASSWORD },
      databaseName: 'app',
      tempSchema: 'datafold_tmp',
      marker: 'm',
    }),
  ).toEqual(refusal('app', 'datafold'));
  await succeed(requests().remove());
  expect(pooler.queries).toHaveLength(7);
  for (const query of pooler.queries)
    expect(query).toMatch(/^SELECT .* WHERE pg_catalog\.pg_backend_pid\(\)/s);
  expect(await server.roleExists('datafold')).toBe(false);
});

test('an owner of the database cannot shadow what the first query calls', async () => {
  await server.sql(
    `CREATE FUNCTION public.pg_backend_pid() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$;
     CREATE FUNCTION public.same(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$;
     CREATE OPERATOR public.= (LEFTARG = int, RIGHTARG = int, PROCEDURE = public.same);
     ALTER DATABASE app SET search_path = public, pg_catalog`,
    'app',
  );
  await succeed(requests().apply());
  await succeed(requests().remove());
  await server.sql('ALTER DATABASE app RESET search_path', 'app');
});

test('a pooler that rejects the login, as PgBouncer does for unknown users, is reported as a pooler', async () => {
  const bouncer = await plainServer((socket) =>
    socket.once('data', () => socket.end(errorMessage('08P01', 'no such user: master'))),
  );
  const error = await fail(requests().apply({ server: { ...address(), port: bouncer.port } }));
  await bouncer.stop();
  expect(error).toEqual({
    message:
      `Connecting to database "app" at 127.0.0.1:${bouncer.port} as "master" failed: no such user: master (08P01). ` +
      'The address is not a PostgreSQL server, but a connection pooler or another service. Use the address of the server itself.',
    code: '08P01',
    retryable: false,
  });
});

test('an RDS Proxy is refused by its host name, without connecting', async () => {
  for (const host of [
    'shop.proxy-c0ffee123456.eu-west-1.rds.amazonaws.com',
    'reads.endpoint.proxy-c0ffee123456.cn-north-1.rds.amazonaws.com.cn',
  ])
    expect(await fail(requests().apply({ server: { host, port: 5432, tls: 'verify-full' } }), 4_000)).toEqual(
      {
        message:
          `Connecting to database "app" at ${host}:5432 as "master" failed: the host is an RDS Proxy (POOLER). ` +
          'A pooler shares sessions, so settings of the sql-runner would remain in sessions of other clients. Use the address of the server itself, not of PgBouncer, RDS Proxy or another pooler.',
        code: 'POOLER',
        retryable: false,
      },
    );
});
