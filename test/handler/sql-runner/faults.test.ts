import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { handler } from '../../../lib/handler/sql-runner';
import type { DatabaseSpec, SqlRequest } from '../../../lib/private/wire/sql';
import { faultProxy, type FaultProxy } from '../../support/fault-proxy';
import { requestsTo } from '../../support/requests';
import { makeShop } from '../../support/shop';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const TWO = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh', schemas: ['shop'] }] };
const ONE = { databases: [{ databaseName: 'app' }] };
/** In the matrix of versions every seventh statement will do. */
const STRIDE = process.env.TEST_POSTGRES_FROM ? 7 : 1;

let proxy: FaultProxy;
const requests = () => requestsTo(server.postgres);
const dump = async () => (await server.dump('app')) + (await server.dump('dwh'));
const throughProxy = (request: SqlRequest): SqlRequest => ({
  ...request,
  server: { host: '127.0.0.1', port: proxy.port, tls: 'disable' },
});

beforeAll(async () => {
  proxy = await faultProxy(server.postgres.port);
  await makeShop(server);
});
afterAll(() => proxy.stop());

/** Disturbs a run after each of its statements in turn, runs again and compares. */
async function disturb(
  access: { databases: DatabaseSpec[] },
  run: (request: SqlRequest, statement: number) => Promise<void>,
): Promise<number> {
  const clean = await dump();
  await succeed(requests().apply({ access }));
  const done = await dump();
  await succeed(requests().remove({ access }));
  const [apply, remove] = [requests().apply({ access }), requests().remove({ access })];
  let statement = 1;
  for (let cuts = 1; cuts > 0; statement += STRIDE) {
    cuts = 0;
    for (const [request, outcome] of [
      [apply, done],
      [remove, clean],
    ] as const) {
      await run(throughProxy(request), statement);
      if (proxy.hasCut()) cuts += 1;
      await succeed(request);
      const found = await dump();
      if (found !== outcome) {
        expect({ operation: request.operation, statement, found }).toEqual({
          operation: request.operation,
          statement,
          found: outcome,
        });
      }
    }
  }
  return statement;
}

test('a connection that ends after any statement leaves nothing that a second run does not mend', async () => {
  const statements = await disturb(TWO, async (request, statement) => {
    proxy.cutAfter(statement);
    await handler(request, { getRemainingTimeInMillis: () => 20_000 });
  });
  expect(statements).toBeGreaterThan(30);
}, 300_000);

test('a process that ends after any statement leaves nothing that a second run does not mend', async () => {
  const bundle = join(__dirname, '../../../assets/sql-runner/index.js');
  const code = `require(${JSON.stringify(bundle)}).handler(JSON.parse(process.argv[1])).then(() => process.exit())`;
  const statements = await disturb(ONE, async (request, statement) => {
    const child = spawn(process.execPath, ['-e', code, JSON.stringify(request)], { stdio: 'ignore' });
    proxy.cutAfter(statement, () => child.kill('SIGKILL'));
    await once(child, 'exit');
  });
  expect(statements).toBeGreaterThan(30);
}, 300_000);
