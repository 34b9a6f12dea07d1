import { spawn } from 'node:child_process';
import type { AccessRequest } from '../../lib/private/wire/sql';
import { startPostgres } from '../../test/support/postgres';
import { pinFor, requestsTo } from '../../test/support/requests';
import { type Figure, median } from '../figure';
import { BUNDLE, succeed } from './handler';
import { makeDatabase, rest } from './schemas';

const SCHEMAS = 500;
const FEW = 10_000;
const MANY = 100_000;
const ROUNDS = 3;

/** How the time of a first apply, and the memory that it takes, grow with the number of tables. */
export async function manyTables(): Promise<Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } });
  const requests = requestsTo(postgres);
  const accessTo = (databaseName: string) => ({ access: { databases: [{ databaseName }] } });
  try {
    await (await makeDatabase(postgres, 'few', SCHEMAS, FEW)).end();
    await (await makeDatabase(postgres, 'many', SCHEMAS, MANY)).end();
    const few: Run[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      few.push(await inProcess(requests.apply(accessTo('few'))));
      await succeed(requests.remove(accessTo('few')));
      await rest(postgres, 'few');
    }
    const many = await inProcess(requests.apply(accessTo('many')));
    const [less, more] = [median(few.map(({ ms }) => ms)), many.ms];
    return [
      {
        name: `first apply, ${MANY} tables / ${FEW} tables`,
        value: more / less,
        unit: 'x',
        limit: 11,
        detail: `${(more / 1000).toFixed(1)} s / ${(less / 1000).toFixed(1)} s`,
      },
      {
        name: `peak memory with ${many.relations} tables`,
        value: many.mebibytes,
        unit: 'MiB',
        limit: 128,
      },
    ];
  } finally {
    await postgres.stop();
  }
}

interface Run {
  readonly ms: number;
  readonly mebibytes: number;
  readonly relations: number;
}

/** An apply in a process of its own that loads the bundle. */
async function inProcess(request: AccessRequest): Promise<Run> {
  const code = `const { handler } = require(${JSON.stringify(BUNDLE)}); const started = performance.now();
    handler(${JSON.stringify(request)}).then((answer) => {
      if (!answer.ok || !answer.report.finished) throw new Error(answer.ok ? 'not finished' : answer.error.message);
      process.send({ ms: performance.now() - started, mebibytes: process.resourceUsage().maxRSS / 1024, relations: answer.report.databases[0].relations });
    })`;
  const env = { ...process.env, DATAFOLD_SERVERS: JSON.stringify([pinFor(request)]) };
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
  const run = await new Promise<Run>((resolve, reject) => {
    child.on('message', resolve);
    child.on('exit', (status) => reject(new Error(`an apply ended with ${status}`)));
  });
  child.disconnect();
  return run;
}
