import { writerDump } from '../../test/support/catalog-dump';
import { startPostgres, type Postgres } from '../../test/support/postgres';
import { requestsTo } from '../../test/support/requests';
import { type Figure, median } from '../figure';
import { Guide, undo } from './guide';
import { succeed, time } from './handler';
import { makeDatabase, rest } from './schemas';

const SCHEMAS = 500;
const TABLES = 10_000;
const ROUNDS = 5;

/** The sql-runner against the guide's own statements, on one server in one run. */
export async function speed(): Promise<Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    return await figures(postgres);
  } finally {
    await postgres.stop();
  }
}

async function figures(postgres: Postgres): Promise<Figure[]> {
  const admin = await makeDatabase(postgres, 'app', SCHEMAS, TABLES);
  const guide = new Guide(postgres, SCHEMAS);
  const requests = requestsTo(postgres);
  const [guided, first, again, resent, oneTable]: number[][] = [[], [], [], [], []];
  let written = 0;
  await succeed(requests.apply());
  await succeed(requests.remove());
  for (let round = 0; round < ROUNDS; round += 1) {
    await rest(postgres, 'app');
    guided.push(await time(() => guide.run(admin)));
    await rest(postgres, 'app');
    resent.push(await time(() => guide.resend()));
    await undo(admin);
    await rest(postgres, 'app');
    first.push(await time(() => succeed(requests.apply())));
    await rest(postgres, 'app');
    const before = await writerDump(admin);
    for (let i = 0; i < 3; i += 1) again.push(await time(() => succeed(requests.apply())));
    if ((await writerDump(admin)) !== before) written += 1;
    for (let i = 0; i < 3; i += 1) {
      const table = `s7.new_${round}_${i}`; // as if its maker had no default privileges: it takes one GRANT
      await admin.query(`CREATE TABLE ${table} (id int); REVOKE SELECT ON ${table} FROM datafold`);
      oneTable.push(await time(() => succeed(requests.apply())));
    }
    await succeed(requests.remove());
  }
  await admin.end();
  const [g, f, a, r, o] = [guided, first, again, resent, oneTable].map(median);
  const detail = (ours: number, theirs: number) => `${ours.toFixed(0)} ms / ${theirs.toFixed(0)} ms`;
  const tables = `${TABLES} tables`;
  return [
    {
      name: `first apply, ${tables} in ${SCHEMAS} schemas / the guide's statements`,
      value: f / g,
      unit: 'x',
      limit: 0.25,
      detail: detail(f, g),
    },
    {
      name: `nothing changed, ${tables} / the guide's statements again`,
      value: a / r,
      unit: 'x',
      limit: 0.025,
      detail: detail(a, r),
    },
    { name: 'nothing changed: runs that wrote a catalog row', value: written, unit: 'count', limit: 0 },
    {
      name: 'one new table / nothing changed',
      value: o / a,
      unit: 'x',
      limit: 1.3,
      detail: detail(o, a),
    },
  ];
}
