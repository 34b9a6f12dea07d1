import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA one; CREATE TABLE one.a (id int); CREATE TABLE one.b (id int); CREATE SCHEMA two; CREATE TABLE two.c (id int)',
    'app',
    server.postgres.admin,
  );
});
afterEach(() => succeed(requests().remove()));

/** Runs while another session has `statement` in an open transaction, and commits it once the run waits for it. */
async function during<T>(
  statement: string,
  run: () => Promise<T>,
  alsoDo?: string,
  where = 'app',
): Promise<T> {
  const other = await server.connection('app', server.postgres.admin);
  await other.query(`BEGIN; ${statement}`);
  const result = run();
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = '${where}' AND application_name = 'cdk-datafold-postgres' AND wait_event_type = 'Lock'`;
  while ((await server.sql(waiting)).length === 0) await sleep(10);
  if (alsoDo) await server.sql(alsoDo, 'app', server.postgres.admin);
  await other.query('COMMIT');
  return result;
}
const applyDuring = (statement: string, alsoDo?: string) =>
  during(statement, () => succeed(requests().apply()), alsoDo);

test.each([
  ['dropped', 'DROP TABLE one.b', 2],
  ['renamed', 'ALTER TABLE one.b RENAME TO b_old', 3],
  ['moved', 'ALTER TABLE one.b SET SCHEMA two', 3],
])('grants on the other tables when one is %s meanwhile', async (_, statement, relations) => {
  const report = await applyDuring(statement);
  expect(report).toMatchObject({ databases: [{ relations, unreadableCount: 0 }], notices: [] });
  await server.sql('TABLE one.a', 'app', datafold);
});

test('grants on the other schemas when one is dropped meanwhile', async () => {
  const report = await applyDuring('DROP SCHEMA two CASCADE');
  expect(report).toMatchObject({ databases: [{ relations: 2, unreadableCount: 0 }], notices: [] });
  await server.sql('TABLE one.a', 'app', datafold);
});

test('grants on a table that is created after the catalog was read', async () => {
  const report = await applyDuring('ALTER TABLE one.b ADD COLUMN more int', 'CREATE TABLE one.late (id int)');
  expect(report.databases[0]).toMatchObject({ relations: 4, unreadableCount: 0 });
  await server.sql('TABLE one.late', 'app', datafold);
});

test('revokes the other privileges when a table is dropped meanwhile', async () => {
  const previous = { ...ACCESS, databases: [{ databaseName: 'postgres' }, { databaseName: 'app' }] };
  await succeed(requests().apply({ access: previous }));
  const access = { databases: [{ databaseName: 'postgres' }] };
  await during('DROP TABLE one.b', () => succeed(requests().apply({ access, previous })));
  const held = `SELECT FROM pg_class WHERE relname = 'a' AND has_table_privilege('datafold', oid, 'SELECT')`;
  expect(await server.sql(held, 'app')).toEqual([]);
});

test('does not report missing privileges for owners that the administrator may act as', async () => {
  await server.sql(
    `CREATE FUNCTION public.undo() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN REVOKE SELECT ON one.b FROM datafold; END';
     CREATE EVENT TRIGGER undo ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE PROCEDURE public.undo()`,
    'app',
  );
  expect(await fail(requests().apply())).toEqual({
    code: '42501',
    message:
      'Database "app": 1 object stays unreadable for "datafold", although the administrator may act as their owners: other sessions created or changed them meanwhile, or grants have no effect on this server. ' +
      'Deploy again, or set verification.onUnreadable to WARN: "one"."b" of "master" (GRANT SELECT ON TABLE "one"."b" TO "datafold";)',
    retryable: true,
  });
  await server.sql('DROP EVENT TRIGGER undo', 'app');
});

describe('while a role is removed', () => {
  test('a table that is committed between the revokes and the drop is revoked too', async () => {
    const before = await server.dump('app');
    await succeed(requests().apply());
    const report = await during(
      'CREATE TABLE one.late (id int)',
      () => succeed(requests().remove()),
      undefined,
      'postgres',
    );
    expect(report).toMatchObject({ finished: true, notices: [] });
    expect(await server.roleExists('datafold')).toBe(false);
    await server.sql('DROP TABLE one.late', 'app');
    expect(await server.dump('app')).toBe(before);
  });

  test('the error names other sessions that keep granting privileges', async () => {
    await succeed(requests().apply());
    await server.sql(
      `CREATE FUNCTION public.again() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN GRANT SELECT ON one.b TO datafold; END';
       CREATE EVENT TRIGGER again ON ddl_command_end WHEN TAG IN ('REVOKE', 'DROP OWNED') EXECUTE PROCEDURE public.again()`,
      'app',
    );
    const error = await fail(requests().remove());
    await server.sql('DROP EVENT TRIGGER again', 'app');
    expect(error).toEqual({
      message:
        'Dropping role "datafold" failed: the role still owns objects or has privileges in "app" (table one.b), and other sessions keep granting privileges to the role (2BP01). Delete again after that ends.',
      code: '2BP01',
      retryable: true,
    });
    await succeed(requests().remove());
    expect(await server.roleExists('datafold')).toBe(false);
  });
});
