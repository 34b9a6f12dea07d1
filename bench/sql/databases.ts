import { startPostgres } from '../../test/support/postgres';
import { requestsTo } from '../../test/support/requests';
import { type Figure, median, seconds } from '../figure';
import { succeed } from './handler';
import { makeDatabase } from './schemas';

const DATABASES = 300;
const ROUNDS = 3;

/** Many databases of one server in one run. */
export async function manyDatabases(): Promise<Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    await (await makeDatabase(postgres, 'pattern', 2, 10)).end();
    const admin = await postgres.connect(postgres.admin);
    const databases = Array.from({ length: DATABASES }, (_, index) => ({ databaseName: `d${index}` }));
    for (const { databaseName } of databases)
      await admin.query(`CREATE DATABASE ${databaseName} TEMPLATE pattern`);
    await admin.end();
    const request = requestsTo(postgres).apply({ access: { databases } });
    await succeed(request);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await seconds(() => succeed(request)));
    return [
      {
        name: `nothing changed, ${DATABASES} databases on one server, each`,
        value: median(times) / DATABASES,
        unit: 's',
        limit: 0.1,
      },
    ];
  } finally {
    await postgres.stop();
  }
}
