import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

/** More tables than the server below can lock. The server logs its statements. */
const TABLES = 4_000;
const server = withServer({
  settings: { max_locks_per_transaction: '10', max_connections: '20', log_statement: 'all' },
});
const requests = () => requestsTo(server.postgres);
const SCRATCH = { tempSchema: 'scratch' };

/** Counts the transactions in the database `app` while `work` runs. */
async function transactions(work: () => Promise<unknown>): Promise<number> {
  const begun = () => server.postgres.log().match(/master@app:.*BEGIN;/g)?.length ?? 0;
  const before = begun();
  await work();
  return begun() - before;
}

async function makeTables(schema: string, count: number): Promise<void> {
  await server.sql(`CREATE SCHEMA ${schema}`, 'app', server.postgres.admin);
  for (let first = 1; first <= count; first += 200) {
    await server.sql(
      `DO $$ BEGIN FOR i IN ${first}..${Math.min(first + 199, count)} LOOP EXECUTE 'CREATE TABLE ${schema}.t' || i || ' (id int)'; END LOOP; END $$`,
      'app',
      server.postgres.admin,
    );
  }
}

beforeEach(() => server.freshDatabase('app'));

test('grants and revokes within one transaction if the locks allow it', async () => {
  await makeTables('few', 90);
  expect(await transactions(() => succeed(requests().apply()))).toBe(1);
  expect(await transactions(() => succeed(requests().remove()))).toBe(1);
});

test('sets up and removes a database of more tables than the server has locks', async () => {
  await makeTables('many', TABLES);
  const before = await server.dump('app');
  const report = await succeed(requests().apply());
  expect(report.databases[0]).toMatchObject({ relations: TABLES, unreadableCount: 0 });
  const datafold = { user: 'datafold', password: PASSWORD };
  expect(await server.sql(`SELECT FROM many.t1, many.t${TABLES}`, 'app', datafold)).toEqual([]);
  expect((await succeed(requests().apply())).statements).toBe(0);
  expect(await succeed(requests().remove())).toMatchObject({ finished: true, notices: [] });
  expect(await server.dump('app')).toBe(before);
});

describe('a first apply of several transactions', () => {
  const TABLE = 250; // in neither the first nor the last transaction
  beforeEach(() => makeTables('many', 500));
  afterEach(() => succeed(requests().remove()));

  test('reports what the privileges of its first transaction allow: calling a SECURITY DEFINER function', async () => {
    await server.sql(
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC; -- which it has up to PostgreSQL 14
       CREATE FUNCTION many.wipe() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'`,
      'app',
    );
    const other = await server.connection('app', server.postgres.admin);
    await other.query('BEGIN; SELECT pg_advisory_xact_lock(7233174018519133284)');
    const run = succeed(requests().apply());
    const queued = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    while ((await server.sql(queued)).length === 0) await sleep(10);
    await sleep(500); // an inspection before the first transaction would end meanwhile
    await other.query('COMMIT');
    const [database] = (await run).databases;
    expect(database).toMatchObject({ relations: 500, unreadableCount: 0, writableCount: 1 });
    expect(database.writable).toEqual([
      {
        object: 'EXECUTE on SECURITY DEFINER function "many"."wipe"(), granted to PUBLIC',
        statement: 'REVOKE EXECUTE ON FUNCTION "many"."wipe"() FROM PUBLIC;',
      },
    ]);
  });

  /** Runs an apply, and renames the schema between two of its transactions. */
  const applyWhileRenamed = async (request = requests().apply()) => {
    const [owner, run] = [await server.connection('app'), await server.connection('app')];
    await owner.query(`BEGIN; ALTER TABLE many.t${TABLE} ADD COLUMN more int`);
    const result = succeed(request);
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = 'app' AND usename = 'master' AND wait_event_type = 'Lock'`;
    while ((await server.sql(waiting)).length === 0) await sleep(10);
    const turn = run.query('BEGIN; SELECT pg_advisory_xact_lock(7233174018519133284)');
    const queued = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    while ((await server.sql(queued)).length === 0) await sleep(10);
    await owner.query('COMMIT');
    await turn;
    await run.query('ALTER SCHEMA many RENAME TO renamed; COMMIT');
    return result;
  };
  const unreadable = () =>
    server.sql(
      `SELECT count(*)::int FROM pg_class WHERE relnamespace = 'renamed'::regnamespace AND NOT has_table_privilege('datafold', oid, 'SELECT')`,
      'app',
    );

  test('counts the relations once', async () => {
    const counts = () =>
      server.postgres.log().match(/master@app:.*SELECT c.relnamespace AS schema/g)?.length ?? 0;
    const before = counts();
    expect(await transactions(() => succeed(requests().apply()))).toBeGreaterThan(4);
    expect(counts() - before).toBe(1);
  });

  test('continues in a schema that was renamed between two transactions', async () => {
    const report = await applyWhileRenamed();
    expect(report.databases[0]).toMatchObject({ relations: 500, unreadableCount: 0 });
    expect(await unreadable()).toEqual([{ count: 0 }]);
  });

  test('does not continue in a schema that was renamed to an excluded name', async () => {
    const databases = [{ databaseName: 'app', excludeSchemas: ['renamed'] }];
    const report = await applyWhileRenamed(requests().apply({ access: { databases } }));
    expect(report.databases[0]).toMatchObject({ relations: 0, unreadableCount: 0 });
    expect(await unreadable()).not.toEqual([{ count: 0 }]);
  });
});

test('a removed schema is revoked completely, however many tables it has', async () => {
  await makeTables('many', TABLES);
  await succeed(requests().apply());
  const access = { databases: [{ databaseName: 'app', excludeSchemas: ['many'] }] };
  expect(await succeed(requests().apply({ access, previous: ACCESS }))).toMatchObject({ finished: true });
  const held = `SELECT FROM pg_class, aclexplode(relacl) WHERE grantee = 'datafold'::regrole AND relkind = 'r'`;
  expect(await server.sql(held, 'app')).toEqual([]);
  await succeed(requests().remove());
});

test.each([
  ['when the role goes', () => requests().remove()],
  ['when another one takes its place', () => requests().apply({ access: SCRATCH, previous: ACCESS })],
])('drops a temp schema of more tables than the server has locks %s', async (_when, request) => {
  const before = await server.dump('app');
  const datafold = { user: 'datafold', password: PASSWORD };
  await succeed(requests().apply());
  for (let block = 0; block < 15; block++) {
    await server.sql(
      `DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('CREATE TABLE datafold_tmp.t%s (id serial PRIMARY KEY, name text)', ${block} * 50 + i); END LOOP; END $$`,
      'app',
      datafold,
    );
  }
  await server.sql(
    `CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.t1; ALTER TABLE datafold_tmp.t1 ADD FOREIGN KEY (id) REFERENCES datafold_tmp.t700`,
    'app',
    datafold,
  );
  expect(await succeed(request())).toMatchObject({ finished: true, notices: [] });
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
  await succeed(requests().remove({ access: SCRATCH }));
  expect(await server.dump('app')).toBe(before);
});

testSince(18)('returns a retryable error if other sessions hold the locks', async () => {
  await makeTables('few', 90);
  await makeTables('held', TABLES);
  const access = { databases: [{ databaseName: 'app', schemas: ['few'] }] };
  const other = await server.connection('app');
  await other.query('BEGIN');
  for (let table = 1; table <= TABLES; table += 40) {
    const some = Array.from({ length: 40 }, (_, i) => `held.t${table + i}`);
    const isFull = await other.query(`SAVEPOINT s${table}; LOCK TABLE ${some.join(', ')}`).then(
      () => false,
      () => true,
    );
    if (isFull) {
      await other.query(`ROLLBACK TO s${table - 40}`);
      break;
    }
  }
  expect(await fail(requests().apply({ access }), 6_000)).toEqual({
    message:
      'Granting in database "app" failed: out of shared memory (53200). Other sessions hold locks on too many tables. ' +
      'Deploy again at a quieter time, or raise max_locks_per_transaction.',
    code: '53200',
    retryable: true,
  });
  await other.query('ROLLBACK');
  await succeed(requests().apply({ access }));
  await succeed(requests().remove());
});
