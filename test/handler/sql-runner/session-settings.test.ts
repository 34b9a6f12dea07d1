import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, requestsTo } from '../../support/requests';
import { testEachSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

async function verified() {
  const [database] = (await succeed(requests().verify())).databases;
  return database;
}

/** Changes a setting of the server, as the parameter group does, and waits until new sessions have its value. */
async function setForAll(change: string, statement_timeout: string): Promise<void> {
  await server.sql(`ALTER SYSTEM ${change}`);
  await server.sql('SELECT pg_reload_conf()');
  while ((await server.sql('SHOW statement_timeout'))[0].statement_timeout !== statement_timeout)
    await sleep(20);
}

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE TABLE public.t (id int)', 'app', server.postgres.admin);
  await server.sql('CREATE ROLE team; GRANT team TO master');
  await succeed(requests().apply());
});
afterEach(async () => {
  await server.sql(
    'ALTER ROLE datafold RESET ALL; ALTER ROLE datafold IN DATABASE app RESET ALL; ALTER DATABASE app RESET ALL; ALTER ROLE ALL RESET ALL; REVOKE team FROM datafold',
  );
});

const TIMEOUT = { setting: 'statement_timeout', value: '100 ms', effect: 'statements that take longer fail' };

test.each([
  ['the role', 'ROLE "datafold"'],
  ['the database', 'DATABASE "app"'],
  ['the role in the database', 'ROLE "datafold" IN DATABASE "app"'],
  ['all roles', 'ROLE ALL'],
])(
  'a short statement_timeout of %s is reported with the statement that ends it, and ends no verification',
  async (_whose, what) => {
    await server.sql(`ALTER ${what} SET statement_timeout = '100ms'`);
    expect((await verified()).settings).toEqual([
      { ...TIMEOUT, statement: `ALTER ${what} RESET statement_timeout;` },
    ]);
    await server.sql(`ALTER ${what} RESET statement_timeout`);
    expect((await verified()).settings).toEqual([]);
  },
);

test('of several settings, the effective one is named', async () => {
  await server.sql(
    `ALTER DATABASE app SET statement_timeout = '1s'; ALTER ROLE datafold SET statement_timeout = '2min'; ALTER ROLE datafold IN DATABASE app SET statement_timeout = '100ms'`,
  );
  expect((await verified()).settings).toEqual([
    { ...TIMEOUT, statement: 'ALTER ROLE "datafold" IN DATABASE "app" RESET statement_timeout;' },
  ]);
  await server.sql('ALTER ROLE datafold IN DATABASE app RESET ALL');
  expect((await verified()).settings).toEqual([]); // the two minutes of the role override the second of the database
});

test('a setting of the parameter group is overridden for the role', async () => {
  await setForAll("SET statement_timeout = '100ms'", '100ms');
  const { settings = [] } = await verified();
  expect(settings).toEqual([{ ...TIMEOUT, statement: `ALTER ROLE "datafold" SET statement_timeout = '0';` }]);
  await server.sql(settings[0].statement);
  expect((await verified()).settings).toEqual([]);
  await setForAll('RESET statement_timeout', '0');
});

test('sessions that act as another role are verified as that role', async () => {
  await server.sql(`GRANT team TO datafold; ALTER ROLE datafold SET role = 'team'`);
  const { settings, steps, unreadableCount } = await verified();
  expect(settings).toEqual([
    {
      setting: 'role',
      value: 'team',
      effect: 'sessions act as that role and have only its privileges',
      statement: 'ALTER ROLE "datafold" RESET role;',
    },
  ]);
  expect(steps.slice(1, 3)).toEqual([
    { step: 'temp_schema', ok: false, message: 'The role may not create tables in schema "datafold_tmp".' },
    { step: 'schema_download', ok: false, message: '0 of 1 relations in 1 schemas can be read.' },
  ]);
  expect(unreadableCount).toBe(1);
  await expect(server.sql('SELECT * FROM public.t', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
});

test('a role setting without membership has no effect', async () => {
  await server.sql(`ALTER ROLE datafold SET role = 'team'`);
  expect(await verified()).toMatchObject({ settings: [], unreadableCount: 0 });
});

test.each([
  [
    'default_transaction_isolation',
    'serializable',
    'statements may fail with 40001 during concurrent writes',
  ],
  ['search_path', 'public, pg_catalog', 'other functions and operators override the built-in ones'],
  ['standard_conforming_strings', 'off', 'a backslash in a string literal is an escape character'],
  ['transform_null_equals', 'on', '`= NULL` matches rows'],
  ['DateStyle', 'German, DMY', 'dates have another text format'],
  ['bytea_output', 'escape', 'binary values have another text format'],
  ['temp_tablespaces', 'pg_default', 'temporary files of the role are written to that tablespace'],
  ['gin_fuzzy_search_limit', '100', 'scans of GIN indexes may return only some of the rows'],
  ['exit_on_error', 'on', 'each error ends the session'],
])('%s is reported', async (setting, value, effect) => {
  await server.sql(
    `ALTER ROLE datafold SET ${setting} = ${setting === 'search_path' ? value : `'${value}'`}`,
  );
  const { settings, steps } = await verified();
  expect(settings).toEqual([
    { setting, value, effect, statement: `ALTER ROLE "datafold" RESET ${setting};` },
  ]);
  expect(steps.every(({ ok }) => ok)).toBe(true);
});

testEachSince<[string, number]>(
  [
    ['view', 17],
    ['foreign-table', 17],
  ],
  ([, since]) => since,
)('a setting that forbids reading relations of the kind %s is reported', async (kind) => {
  await server.sql(`ALTER DATABASE app SET restrict_nonsystem_relation_kind = '${kind}'`);
  expect((await verified()).settings).toEqual([
    {
      setting: 'restrict_nonsystem_relation_kind',
      value: kind,
      effect: 'reading relations of these kinds fails',
      statement: 'ALTER DATABASE "app" RESET restrict_nonsystem_relation_kind;',
    },
  ]);
});

test('a setting of the database that ends sessions after an error ends no deployment', async () => {
  await server.sql('CREATE ROLE apart; CREATE SCHEMA apart AUTHORIZATION apart', 'app');
  await server.sql('CREATE TABLE apart.t (id int); ALTER TABLE apart.t OWNER TO apart', 'app');
  await server.sql('ALTER DATABASE app SET exit_on_error = on');
  const { databases } = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
  expect(databases[0].relations).toBe(2);
  await server.sql('DROP OWNED BY apart; DROP ROLE apart', 'app');
});

test('the verification calls no functions that precede pg_catalog in the search_path', async () => {
  await server.sql(
    `CREATE FUNCTION public.has_table_privilege(oid, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'called'; END $$;
     ALTER ROLE datafold SET search_path = public, pg_catalog`,
    'app',
  );
  expect(await verified()).toMatchObject({ unreadableCount: 0, failingCount: 0 });
  await server.sql('DROP FUNCTION public.has_table_privilege(oid, text)', 'app');
});

test('a setting of the database that quotes all names does not make a policy look as if it hid rows', async () => {
  await server.sql(
    `ALTER DATABASE app SET quote_all_identifiers = on; ALTER TABLE public.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON public.t USING (current_user = 'datafold')`,
    'app',
  );
  expect(await verified()).toMatchObject({ filteredCount: 0, failingCount: 0 });
  await server.sql('DROP POLICY p ON public.t; ALTER TABLE public.t DISABLE ROW LEVEL SECURITY', 'app');
});

test('harmless settings are not reported', async () => {
  await server.sql(
    `ALTER DATABASE app SET search_path = app, public; ALTER ROLE datafold SET statement_timeout = '10min'; ALTER ROLE datafold SET lock_timeout = '5s';
     ALTER ROLE datafold SET work_mem = '64MB'; ALTER DATABASE app SET app.tenant = '7'; ALTER ROLE datafold SET DateStyle = 'ISO, DMY'`,
  );
  expect((await verified()).settings).toEqual([]);
});

test('the temp table test fails under a setting that makes it fail, and names the setting', async () => {
  await server.sql(`ALTER ROLE datafold SET lock_timeout = '50ms'`);
  await server.sql(
    'CREATE TABLE datafold_tmp.test_connection (id int); ALTER TABLE datafold_tmp.test_connection OWNER TO datafold',
    'app',
  );
  const blocker = await server.connection('app');
  await blocker.query('BEGIN; LOCK TABLE pg_class IN SHARE MODE');
  const { steps } = await verified();
  await blocker.query('ROLLBACK');
  await server.sql('DROP TABLE datafold_tmp.test_connection', 'app');
  expect(steps[1]).toEqual({
    step: 'temp_schema',
    ok: false,
    message:
      'Creating table "test_connection" in schema "datafold_tmp" failed: lock_timeout is 50 ms, so statements that wait longer for a lock fail (55P03). Run: ALTER ROLE "datafold" RESET lock_timeout;',
  });
});

test('a deployment succeeds with a short statement_timeout, which is reported', async () => {
  await server.sql(`ALTER ROLE datafold SET statement_timeout = '20ms'`);
  await server.sql('GRANT INSERT ON public.t TO datafold', 'app');
  await server.sql('REVOKE SELECT ON public.t FROM datafold', 'app');
  const { databases } = await succeed(requests().apply());
  expect(databases[0].steps.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  await server.sql('REVOKE INSERT ON public.t FROM datafold', 'app');
});
