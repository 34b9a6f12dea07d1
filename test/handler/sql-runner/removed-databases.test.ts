import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer({ settings: { log_connections: 'on' } });
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);
const both = { ...ACCESS, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.freshDatabase('dwh');
  for (const name of ['app', 'dwh']) await server.sql(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  await succeed(requests().apply({ access: both }));
});
afterEach(async () => {
  await succeed(requests().remove({ access: both }));
});

test('removing a database revokes no privilege on others, and reports grants that no run made', async () => {
  await server.sql(
    `CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION public.f() OWNER TO master; GRANT EXECUTE ON FUNCTION public.f() TO datafold;
     CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold`,
    'dwh',
  );
  const before = await server.dump('app');
  const report = await succeed(requests().apply({ previous: both }));
  expect(report.notices).toEqual([
    'Database "dwh": role "datafold" still owns table public.precious and has rights on function public.f(). This library revokes only what it grants. Ask the owners to revoke the rest.',
  ]);
  expect(await server.sql('SELECT 1 AS one', 'app', datafold)).toEqual([{ one: 1 }]);
  await expect(server.sql('SELECT 1', 'dwh', datafold)).rejects.toMatchObject({ code: '42501' });
  const others = (dump: string) =>
    dump.replace(/^database dwh .*$/m, '').replace(/^(role datafold .*) \[.*$/m, '$1');
  expect(others(await server.dump('app'))).toBe(others(before));
  const [{ owner }] = await server.sql(
    `SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'precious'`,
    'dwh',
  );
  expect(owner).toBe('datafold');
});

test('the verification after a removed database logs in again', async () => {
  const logged = server.postgres.log().length;
  await succeed(requests().apply({ previous: both }));
  const logins = server.postgres
    .log()
    .slice(logged)
    .match(/connection authorized: user=datafold/g);
  expect(logins ?? []).toHaveLength(2);
});

test('a failed revoke in a removed database fails the run', async () => {
  await server.sql(
    `CREATE FUNCTION public.no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
     CREATE EVENT TRIGGER no ON ddl_command_end WHEN TAG IN ('REVOKE') EXECUTE PROCEDURE public.no()`,
    'dwh',
  );
  await server.sql('CREATE SCHEMA s; CREATE TABLE s.t (id int)', 'dwh', server.postgres.admin);
  await server.sql('GRANT USAGE ON SCHEMA s TO datafold', 'dwh', server.postgres.admin);
  const error = await fail(requests().apply({ previous: both }));
  await server.sql('DROP EVENT TRIGGER no', 'dwh');
  expect(error.message).toBe(
    'Revoking in database "dwh" failed: not now (P0001). A function on the server failed, such as the function of an event trigger. ' +
      'Qualify the names in the function with schemas (search_path is pg_catalog here) and let the administrator use the objects, or disable the trigger; then deploy again.',
  );
});
