import { startPostgres, type Postgres } from '../../test/support/postgres';
import { requestsTo } from '../../test/support/requests';
import { type Figure, median } from '../figure';
import { undo } from './guide';
import { succeed, time } from './handler';
import { makeDatabase, rest } from './schemas';

const SCHEMAS = 500;
const FEW = 10_000;
const MANY = 20_000;
const ROUNDS = 5;

/** A removal against the shortest statements that the same administrator could send, and how its time grows. */
export async function removal(): Promise<Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    const few = await durations(postgres, 'app', FEW, ROUNDS);
    const many = await durations(postgres, 'many', MANY, 2);
    return [
      {
        name: `removal, ${FEW} tables in ${SCHEMAS} schemas / DROP SCHEMA, DROP OWNED, DROP ROLE`,
        value: few.ours / few.shortest,
        unit: 'x',
        limit: 1.3,
        detail: `${few.ours.toFixed(0)} ms / ${few.shortest.toFixed(0)} ms`,
      },
      {
        name: `removal, ${MANY} tables / ${FEW} tables`,
        value: many.ours / few.ours,
        unit: 'x',
        limit: 1.1 * (MANY / FEW),
        detail: `${(many.ours / 1000).toFixed(1)} s / ${(few.ours / 1000).toFixed(1)} s`,
      },
    ];
  } finally {
    await postgres.stop();
  }
}

async function durations(postgres: Postgres, database: string, tables: number, rounds: number) {
  const admin = await makeDatabase(postgres, database, SCHEMAS, tables);
  const requests = requestsTo(postgres);
  const access = { databases: [{ databaseName: database }] };
  const [shortest, ours]: number[][] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    await succeed(requests.apply({ access }));
    await rest(postgres, database);
    shortest.push(await time(() => undo(admin)));
    await succeed(requests.apply({ access }));
    await rest(postgres, database);
    ours.push(await time(() => succeed(requests.remove({ access }))));
  }
  await admin.end();
  return { shortest: median(shortest), ours: median(ours) };
}
