import { requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const { apply, remove } = {
  apply: () => requestsTo(server.postgres).apply(),
  remove: () => requestsTo(server.postgres).remove(),
};

/** Settings of the administrator or the database, each of which would break a run. */
const SETTINGS = `
  ALTER ROLE master SET role = 'clerk';
  ALTER ROLE master SET default_transaction_read_only = on;
  ALTER ROLE master SET standard_conforming_strings = off;
  ALTER ROLE master SET DateStyle = 'German';
  ALTER ROLE master SET lock_timeout = '1ms';
  ALTER DATABASE app SET search_path = 'public';
  ALTER DATABASE app SET default_transaction_isolation = 'serializable';
  ALTER DATABASE app SET idle_in_transaction_session_timeout = '1h'`;

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE ROLE clerk', 'postgres', server.postgres.admin);
  await server.sql('GRANT clerk TO master');
});
afterEach(async () => {
  await server.sql('ALTER ROLE master RESET ALL; ALTER DATABASE app RESET ALL');
  await succeed(remove());
});

test('settings of the administrator and of the database do not affect a run', async () => {
  await server.sql(
    `CREATE TABLE public.seen (name text, value text); ALTER TABLE public.seen OWNER TO master; GRANT INSERT ON public.seen TO PUBLIC;
     CREATE FUNCTION public.look() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO public.seen SELECT name, current_setting(name) FROM unnest(ARRAY[
         'role', 'transaction_isolation', 'transaction_read_only', 'standard_conforming_strings', 'search_path',
         'lock_timeout', 'idle_in_transaction_session_timeout']) AS name; END $$;
     CREATE EVENT TRIGGER look ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE PROCEDURE public.look()`,
    'app',
  );
  await server.sql(SETTINGS);
  await succeed(apply());
  await server.sql('DROP EVENT TRIGGER look', 'app');
  const seen = await server.sql('SELECT name, value FROM public.seen', 'app');
  expect(Object.fromEntries(seen.map(({ name, value }) => [name, value]))).toEqual({
    role: 'none',
    transaction_isolation: 'read committed',
    transaction_read_only: 'off',
    standard_conforming_strings: 'on',
    search_path: 'pg_catalog, pg_temp',
    lock_timeout: '3s',
    idle_in_transaction_session_timeout: '2min',
  });
});

testSince(17)('no setting of the administrator ends a transaction', async () => {
  await server.sql("ALTER ROLE master SET transaction_timeout = '50ms'");
  await succeed(apply());
});
