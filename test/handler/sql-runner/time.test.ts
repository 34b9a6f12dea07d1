import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import type { ApplyRequest, RemoveRequest } from '../../../lib/private/wire/sql';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeAll(async () => {
  await server.freshDatabase('app');
  for (let schema = 0; schema < 6; schema += 1) {
    await server.sql(
      `CREATE SCHEMA s${schema}; DO $$ BEGIN FOR i IN 1..600 LOOP EXECUTE 'CREATE TABLE s${schema}.t' || i || ' (id int)'; END LOOP; END $$`,
      'app',
      server.postgres.admin,
    );
  }
});

/** Invokes until the work is finished. Each invocation times out after the server has logged two GRANTs or REVOKEs on tables. */
async function invokeUntilFinished(request: ApplyRequest | RemoveRequest): Promise<number[]> {
  const statements: number[] = [];
  const logged = () => server.postgres.log().match(/(GRANT SELECT|REVOKE ALL) ON TABLE/g)?.length ?? 0;
  for (let invocation = 1; invocation < 50; invocation += 1) {
    const before = logged();
    const answer = await handler(request, {
      getRemainingTimeInMillis: () => (logged() < before + 2 ? 60_000 : 0),
    });
    if (!answer.ok) throw new Error(answer.error.message);
    statements.push(answer.report.statements);
    if (answer.report.finished) return statements;
  }
  throw new Error('never finished');
}

test('continues in the next invocation after time ran out, for apply and removal', async () => {
  const before = await server.dump('app');
  const applied = await invokeUntilFinished(requests().apply());
  expect(applied.length).toBeGreaterThan(2);
  expect(Math.min(...applied.slice(0, -1))).toBeGreaterThan(0);
  expect(await server.sql('SELECT * FROM s5.t600', 'app', { user: 'datafold', password: PASSWORD })).toEqual(
    [],
  );

  // If the role owns objects, its privileges are revoked step by step, else by one statement.
  await server.sql('CREATE TABLE s0.own (id int); ALTER TABLE s0.own OWNER TO datafold', 'app');
  const removed = await invokeUntilFinished(requests().remove());
  expect(removed.length).toBeGreaterThan(2);
  await server.sql('DROP TABLE s0.own', 'app');
  await succeed(requests().remove());
  expect(await server.dump('app')).toBe(before);
});

test('the next invocation continues with the remaining databases', async () => {
  await server.freshDatabase('dwh');
  const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  await server.sql('CREATE TABLE facts (id int)', 'dwh', server.postgres.admin);
  const clean = await server.dump('dwh');
  await invokeUntilFinished(requests().apply({ access: both }));
  await server.sql('SELECT * FROM facts', 'dwh', { user: 'datafold', password: PASSWORD });
  await invokeUntilFinished(
    requests().apply({ access: { databases: [{ databaseName: 'dwh' }] }, previous: { ...ACCESS, ...both } }),
  );
  const tables = `SELECT FROM information_schema.role_table_grants WHERE grantee = 'datafold'`;
  expect(await server.sql(tables, 'app')).toEqual([]);
  await invokeUntilFinished(requests().apply({ access: both }));
  await invokeUntilFinished(requests().remove({ access: both }));
  expect(await server.dump('dwh')).toBe(clean);
});

test('a statement that is canceled at the end of the invocation is run again by the next one', async () => {
  await server.sql('CREATE TABLE one (id int); CREATE TABLE two (id int)', 'app', server.postgres.admin);
  const [a, b] = [await server.connection('app'), await server.connection('app')];
  await a.query('BEGIN; ALTER TABLE one ADD COLUMN x int');
  await b.query('BEGIN; ALTER TABLE two ADD COLUMN x int');
  setTimeout(() => void a.query('ROLLBACK'), 3_000);
  expect(await fail(requests().apply(), 5_000)).toMatchObject({ retryable: true });
  await b.query('ROLLBACK');
  await succeed(requests().apply());
  await succeed(requests().remove());
});

test('a run without any time returns a retryable error', async () => {
  const answer = await handler(requests().verify(), { getRemainingTimeInMillis: () => 0 });
  expect(answer).toEqual({
    ok: false,
    error: { kind: 'timeout', message: 'The invocation ran out of time. Deploy again.', retryable: true },
  });
});

test('no statement runs longer than the run', async () => {
  await server.sql(
    `CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); END';
     CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA') EXECUTE PROCEDURE slow()`,
    'app',
  );
  const { message } = await fail(requests().apply(), 6_000);
  expect(message).toMatch(
    /^Granting in database "app" failed: canceling statement due to statement timeout \(57014\)\. /,
  );
});
