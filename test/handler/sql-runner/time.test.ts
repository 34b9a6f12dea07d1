import { handler } from '../../../lib/handler/sql-runner';
import type { SqlRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, withServer } from '../../support/with-server';

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

/** Invokes until the work is finished; the time of each invocation is over once the server has logged two GRANTs or REVOKEs on tables. */
async function invokeUntilFinished(request: SqlRequest): Promise<number[]> {
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

test('goes on in the next invocation from where time ran out, for applying and for removal', async () => {
  const before = await server.dump('app');
  const applied = await invokeUntilFinished(requests().apply());
  expect(applied.length).toBeGreaterThan(2);
  expect(Math.min(...applied.slice(0, -1))).toBeGreaterThan(0);
  expect(await server.sql('SELECT * FROM s5.t600', 'app', { user: 'datafold', password: PASSWORD })).toEqual(
    [],
  );

  const removed = await invokeUntilFinished(requests().remove());
  expect(removed.length).toBeGreaterThan(2);
  expect(await server.dump('app')).toBe(before);
});

test('no statement runs longer than the run has', async () => {
  await server.sql(
    `CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); END';
     CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA') EXECUTE PROCEDURE slow()`,
    'app',
  );
  const { message } = await fail(requests().apply(), 3_000);
  expect(message).toMatch(
    /^Granting in database "app" failed: canceling statement due to statement timeout \(57014\)\. /,
  );
});
