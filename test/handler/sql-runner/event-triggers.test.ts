import { requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE TABLE public.items (id int)', 'app', server.postgres.admin);
});

async function onDdl(body: string): Promise<void> {
  await server.sql(
    `CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; END $$;
     CREATE EVENT TRIGGER on_ddl ON ddl_command_end EXECUTE PROCEDURE public.on_ddl()`,
    'app',
  );
}

const ADVICE =
  'A function on the server failed, such as the function of an event trigger. ' +
  'Qualify the names in the function with schemas (search_path is pg_catalog here) and let the administrator use the objects, or disable the trigger; then deploy again.';

test('reports the failure of an event trigger as such, not as a missing privilege', async () => {
  await server.sql('CREATE TABLE public.ddl_log (tag text)', 'app', server.postgres.admin);
  await onDdl('INSERT INTO ddl_log VALUES (tg_tag)');
  expect(await fail(requests().apply())).toEqual({
    message: `Granting in database "app" failed: relation "ddl_log" does not exist (42P01). ${ADVICE}`,
    code: '42P01',
    retryable: false,
  });
  await server.sql('ALTER EVENT TRIGGER on_ddl DISABLE', 'app');
  await succeed(requests().apply());
  await server.sql('ALTER EVENT TRIGGER on_ddl ENABLE', 'app');
  expect(await fail(requests().remove())).toEqual({
    message: `Removing "datafold" from database "app" failed: relation "ddl_log" does not exist (42P01). ${ADVICE}`,
    code: '42P01',
    retryable: false,
  });
  await server.sql('DROP EVENT TRIGGER on_ddl', 'app');
  await succeed(requests().remove());
});

test('reports why an event trigger rejects a grant, without the data in its context', async () => {
  await onDdl(
    `IF tg_tag = 'GRANT' THEN RAISE EXCEPTION 'grants need a ticket' USING ERRCODE = '42501', DETAIL = 'data'; END IF`,
  );
  expect(await fail(requests().apply())).toEqual({
    message: `Granting in database "app" failed: grants need a ticket (42501). ${ADVICE}`,
    code: '42501',
    retryable: false,
  });
  await server.sql('DROP EVENT TRIGGER on_ddl', 'app');
  await succeed(requests().remove());
});
