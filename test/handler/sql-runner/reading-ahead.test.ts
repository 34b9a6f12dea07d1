import { connect } from 'node:net';
import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import { scramVerifier } from '../../../lib/handler/sql-runner/scram';
import { plainServer, type PlainServer } from '../../support/plain-server';
import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const ROLE = Buffer.from('user\0datafold\0');

let proxy: PlainServer;
let release: () => void;

beforeEach(async () => {
  const released = new Promise<void>((resolve) => (release = resolve));
  // A proxy that holds back logins as the role until `release` is called.
  proxy = await plainServer((client) => {
    const upstream = connect(server.postgres.port, '127.0.0.1');
    upstream.on('error', () => undefined).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.pipe(client);
    client.once('data', (startup) => {
      const isRole = startup.includes(ROLE);
      void (isRole ? released : Promise.resolve()).then(() => {
        upstream.write(startup);
        client.pipe(upstream);
      });
    });
  });
  await server.freshDatabase('app');
  await succeed(requests().apply());
  await server.sql('CREATE TABLE t (id int)', 'app', server.postgres.admin);
  await server.sql('REVOKE SELECT ON t FROM datafold', 'app');
});
afterEach(async () => {
  release();
  await proxy.stop();
  await succeed(requests().remove());
});

function startRun() {
  const { port } = proxy;
  return handler({ ...requests().apply(), server: { host: '127.0.0.1', port, tls: 'disable' } });
}

/** Waits until the administrator has read the catalog in a transaction and sends nothing more. */
async function untilTransactionIsIdle(): Promise<void> {
  const IDLE = `SELECT FROM pg_stat_activity WHERE usename = 'master' AND state = 'idle in transaction'
    AND state_change < clock_timestamp() - interval '0.5 s'`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await server.sql(IDLE)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The run does not wait for the login as the role.');
}

const canRead = async () =>
  (await server.sql(`SELECT has_table_privilege('datafold', 't', 'SELECT') AS readable`, 'app'))[0].readable;

test('a run reads the catalog during the login as the role, and grants once the password fits', async () => {
  const run = startRun();
  await untilTransactionIsIdle();
  expect(await canRead()).toBe(false);
  release();
  expect(await run).toMatchObject({ ok: true, report: { finished: true, statements: 1 } });
  expect(await canRead()).toBe(true);
});

test('a run grants nothing if the login as the role shows that an administrator replaced the password', async () => {
  await server.sql(`ALTER ROLE datafold PASSWORD 'of a person'`);
  const run = startRun();
  await untilTransactionIsIdle();
  release();
  expect(await run).toMatchObject({ ok: false, error: { code: 'LOCKED', retryable: false } });
  expect(await canRead()).toBe(false);
});

test('a run whose role needs work sets up the role, then grants', async () => {
  await server.sql(`ALTER ROLE datafold PASSWORD '${scramVerifier('another password')}'`);
  const run = startRun();
  await untilTransactionIsIdle();
  release();
  expect(await run).toMatchObject({ ok: true, report: { finished: true, statements: 2 } });
  expect(await canRead()).toBe(true);
});
