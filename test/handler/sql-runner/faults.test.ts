import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import type { DatabaseSpec, ApplyRequest, RemoveRequest } from '../../../lib/private/wire/sql';
import { faultProxy, type FaultProxy } from '../../support/fault-proxy';
import { SOAK } from '../../support/property';
import { pinFor, requestsTo } from '../../support/requests';
import { makeShop } from '../../support/shop';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const TWO = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh', schemas: ['shop'] }] };
const ONE = { databases: [{ databaseName: 'app' }] };
/** Every thirteenth statement; in a soak test every statement, on one version of PostgreSQL. */
const STRIDE = SOAK && !process.env.TEST_POSTGRES_FROM ? 1 : 13;

let proxy: FaultProxy;
const requests = () => requestsTo(server.postgres);
const dump = async () => (await server.dump('app')) + (await server.dump('dwh'));
const throughProxy = (request: ApplyRequest | RemoveRequest): ApplyRequest | RemoveRequest => ({
  ...request,
  server: { host: '127.0.0.1', port: proxy.port, tls: 'disable' },
});

beforeAll(async () => {
  proxy = await faultProxy(server.postgres.port);
  await makeShop(server);
});
afterAll(() => proxy.stop());

/** The result of a run with a fault. */
interface Disturbed {
  readonly isDisturbed: boolean;
  /** The run reports that it finished. */
  readonly isFinished?: boolean;
}

/** Injects a fault at each step of a run in turn, runs again and compares. */
async function disturb(
  access: { databases: DatabaseSpec[] },
  run: (request: ApplyRequest | RemoveRequest, step: number) => Promise<Disturbed>,
): Promise<number> {
  const clean = await dump();
  await succeed(requests().apply({ access }));
  const done = await dump();
  await succeed(requests().remove({ access }));
  const [apply, remove] = [requests().apply({ access }), requests().remove({ access })];
  let step = 1;
  for (let disturbed = 1; disturbed > 0; step += STRIDE) {
    disturbed = 0;
    for (const [request, outcome] of [
      [apply, done],
      [remove, clean],
    ] as const) {
      const { isDisturbed, isFinished = false } = await run(request, step);
      if (isDisturbed) disturbed += 1;
      if (!isFinished) await succeed(request);
      const found = await dump();
      if (found !== outcome) {
        const { operation } = request;
        expect({ operation, step, found }).toEqual({ operation, step, found: outcome });
      }
    }
  }
  return step;
}

test('a second run repairs everything that a connection lost after any statement left behind', async () => {
  const statements = await disturb(TWO, async (request, statement) => {
    proxy.cutAfter(statement);
    await handler(throughProxy(request), { getRemainingTimeInMillis: () => 20_000 });
    return { isDisturbed: proxy.hasCut() };
  });
  expect(statements).toBeGreaterThan(30);
}, 900_000);

test('a second run repairs everything that a process ended after any statement left behind', async () => {
  const bundle = join(__dirname, '../../../assets/sql-runner/index.js');
  const code = `require(${JSON.stringify(bundle)}).handler(JSON.parse(process.argv[1])).then(() => process.exit())`;
  const statements = await disturb(ONE, async (request, statement) => {
    const argument = JSON.stringify(throughProxy(request));
    const env = { ...process.env, DATAFOLD_SERVERS: JSON.stringify([pinFor(throughProxy(request))]) };
    const child = spawn(process.execPath, ['-e', code, argument], { stdio: 'ignore', env });
    proxy.cutAfter(statement, () => child.kill('SIGKILL'));
    await once(child, 'exit');
    return { isDisturbed: proxy.hasCut() };
  });
  expect(statements).toBeGreaterThan(30);
}, 900_000);

test('a run that times out at any moment reports that, and the next run continues', async () => {
  const looks = await disturb(TWO, async (request, look) => {
    let looked = 0;
    const getRemainingTimeInMillis = () => (++looked > look ? 0 : 60_000);
    const answer = await handler(request, { getRemainingTimeInMillis });
    if (!answer.ok) expect(answer.error).toMatchObject({ retryable: true });
    return { isDisturbed: looked > look, isFinished: answer.ok && answer.report.finished };
  });
  expect(looks).toBeGreaterThan(30);
}, 900_000);
