import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import type { Turn } from '../../../lib/private/wire/sql';
import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const KEY = '0123456789abcdef';
/** The advisory lock of the library in one database. */
const DATABASE_LOCK = 'SELECT pg_advisory_xact_lock(7233174018519133284)';
const APP = { databaseName: 'app' };
const DWH = { databaseName: 'dwh' };
const requests = () => requestsTo(server.postgres);
const turn = (requestedAt: number, invocation = 0): Turn => ({ key: KEY, requestedAt, invocation });

beforeEach(async () => {
  await server.sql('DROP OWNED BY datafold; DROP ROLE datafold').catch(() => undefined);
  for (const name of ['app', 'dwh']) {
    await server.freshDatabase(name);
    await server.sql(
      'CREATE SCHEMA shop AUTHORIZATION master; SET ROLE master; CREATE TABLE shop.items (id int)',
      name,
    );
  }
  await server.sql('DROP ROLE IF EXISTS datafold');
});

const canRead = async (database: string) =>
  (
    await server.sql(
      `SELECT count(*)::int AS n FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relname = 'items' AND a.grantee = 'datafold'::regrole`,
      database,
    )
  )[0].n;
/** Waits until a session of the administrator waits for an advisory lock. */
const untilSomebodyWaits = async () =>
  untilThereIs(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);

/** Waits until the run of a request and an invocation has its turn. */
const untilTurnOf = async (run: string) =>
  untilThereIs(
    `SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND application_name LIKE '% ${run}'`,
  );

async function untilThereIs(row: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await server.sql(row)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`There is nothing: ${row}`);
}

test('a run that waits for a lock changes nothing after a newer run for the same resource began', async () => {
  await succeed(requests().apply({ access: { databases: [APP] }, turn: turn(1) }));
  const others = await server.connection('dwh');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  // An update adds a database. Its run waits for a lock of another session.
  const update = handler(requests().apply({ access: { databases: [APP, DWH] }, turn: turn(2) }));
  await untilSomebodyWaits();
  // The rollback restores the record of the role without the database, and everything else.
  const back = await handler(requests().apply({ access: { databases: [APP] }, turn: turn(3) }));
  expect(back).toMatchObject({ ok: true, report: { finished: true, statements: 1 } });
  await others.query('ROLLBACK');
  expect(await update).toEqual({
    ok: false,
    error: {
      kind: 'unavailable',
      message:
        'The run ended early: a newer run for the same resource took over, or the connection was lost. Its completed transactions are committed.',
      code: '57P01',
      retryable: true,
      connected: true,
      found: true,
    },
  });
  expect([await canRead('app'), await canRead('dwh')]).toEqual([1, 0]);
});

test('a newer run ends an older one even if another role holds their advisory lock', async () => {
  await server.sql(`CREATE ROLE eve LOGIN PASSWORD 'eve'`);
  const eve = await server.connection('postgres', { user: 'eve', password: 'eve' });
  await eve.query(`SELECT pg_advisory_lock(${0x7475726e}, ${parseInt(KEY.slice(0, 8), 16)})`);
  await succeed(requests().apply({ access: { databases: [APP] }, turn: turn(1) }));
  const others = await server.connection('dwh');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  const update = handler(requests().apply({ access: { databases: [APP, DWH] }, turn: turn(2) }));
  await untilSomebodyWaits();
  await succeed(requests().apply({ access: { databases: [APP] }, turn: turn(3) }));
  await others.query('ROLLBACK');
  expect(await update).toMatchObject({ ok: false, error: { code: '57P01' } });
  expect([await canRead('app'), await canRead('dwh')]).toEqual([1, 0]);
  await eve.end();
});

test('a removal takes over from the run of a canceled Create, and nothing is left', async () => {
  const before = [await server.dump('app'), await server.dump('dwh')];
  const others = await server.connection('dwh');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  const create = handler(requests().apply({ access: { databases: [APP, DWH] }, turn: turn(1) }));
  await untilSomebodyWaits();
  const removal = handler(requests().remove({ access: { databases: [APP, DWH] }, turn: turn(2) }));
  await untilTurnOf('2.0');
  await others.query('ROLLBACK');
  expect(await removal).toMatchObject({ ok: true, report: { finished: true } });
  expect(await create).toMatchObject({ ok: false, error: { code: '57P01', retryable: true } });
  expect([await server.dump('app'), await server.dump('dwh')]).toEqual(before);
});

test.each([
  ['an older request', turn(1)],
  ['the same invocation, which Lambda repeated', turn(2)],
  ['a scheduled task', turn(0)],
])('the run of %s does nothing while another one is at work', async (_what, mine) => {
  const others = await server.connection('app');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  const running = handler(requests().apply({ turn: turn(2) }));
  await untilSomebodyWaits();
  const answer = await handler(requests().remove({ turn: mine }));
  await others.query('ROLLBACK');
  expect(answer).toEqual({
    ok: false,
    error: {
      kind: 'busy',
      message:
        'Another run for the same resource is active on the server (application_name in pg_stat_activity: cdk-datafold-postgres 01234567 2.0). The other run ends within 10 minutes. Deploy again then.',
      code: '55P03',
      retryable: true,
      connected: true,
    },
  });
  expect(await running).toMatchObject({ ok: true });
});

test('the next invocation for a request takes over from the previous one', async () => {
  const others = await server.connection('app');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  const first = handler(requests().apply({ turn: turn(2) }));
  await untilSomebodyWaits();
  const second = handler(requests().apply({ turn: turn(2, 1) }));
  await untilTurnOf('2.1');
  await others.query('ROLLBACK');
  expect(await first).toMatchObject({ ok: false, error: { code: '57P01' } });
  expect(await second).toMatchObject({ ok: true });
});

test('a lock of another role than the administrator stops no run', async () => {
  await server.sql(`CREATE ROLE stranger LOGIN PASSWORD 'x'`);
  const stranger = await server.connection('postgres', { user: 'stranger', password: 'x' });
  await stranger.query(`BEGIN; SELECT pg_advisory_xact_lock(1953854062, x'01234567'::int)`);
  expect(await handler(requests().apply({ turn: turn(1) }))).toMatchObject({ ok: true });
  await stranger.query('ROLLBACK');
});

test('runs for different resources do not wait for each other', async () => {
  const others = await server.connection('app');
  await others.query(`BEGIN; ${DATABASE_LOCK}`);
  const running = handler(requests().apply({ turn: turn(2) }));
  await untilSomebodyWaits();
  const other = { key: 'fedcba9876543210', requestedAt: 1, invocation: 0 };
  const access = { roleName: 'other', tempSchema: 'other_tmp', databases: [DWH] };
  const owner = { key: 'k2', id: 'id2', stackName: 'Other' };
  expect(await handler(requests().apply({ access, owner, turn: other }))).toMatchObject({ ok: true });
  expect(await handler(requests().remove({ access, owner, turn: other }))).toMatchObject({ ok: true });
  await others.query('ROLLBACK');
  expect(await running).toMatchObject({ ok: true });
});
