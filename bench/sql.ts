import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { writerDump } from '../test/support/catalog-dump';
import { startPostgres, type Postgres } from '../test/support/postgres';
import { pinFor, PASSWORD, requestsTo } from '../test/support/requests';
import type { SqlRequest, SqlResponse } from '../lib/private/wire/sql';
import { type Benchmark, type Figure, median } from './figure';

const SCHEMAS = 500;
const TABLES = 10_000;
const MANY_TABLES = 100_000;
const ROUNDS = 5;
const BUNDLE = join(__dirname, '../assets/sql-runner/index.js');

/** The sql-runner against the guide's own statements, on one server in one run. */
export const run: Benchmark = async () => {
  const postgres = await startPostgres({
    settings: { shared_buffers: '256MB' },
  });
  try {
    return [...(await durations(postgres)), await memory(postgres)];
  } finally {
    await postgres.stop();
  }
};

async function durations(postgres: Postgres): Promise<Figure[]> {
  const admin = await makeDatabase(postgres, 'app', TABLES);
  const requests = requestsTo(postgres);
  const [guide, first, again, resent, oneTable]: number[][] = [[], [], [], [], []];
  let written = 0;
  await succeed(requests.apply());
  await succeed(requests.remove());
  for (let round = 0; round < ROUNDS; round += 1) {
    guide.push(await time(() => runGuide(postgres, admin)));
    await rest(postgres);
    resent.push(await time(() => resendGuide(postgres)));
    await undoGuide(admin);
    first.push(await time(() => succeed(requests.apply())));
    await rest(postgres);
    const before = await writerDump(admin);
    for (let i = 0; i < 3; i += 1) again.push(await time(() => succeed(requests.apply())));
    if ((await writerDump(admin)) !== before) written += 1;
    await admin.query(
      `CREATE TABLE s7.new_${round} (id int); REVOKE SELECT ON s7.new_${round} FROM datafold`,
    );
    // as if its maker had no default privileges: it takes one GRANT
    oneTable.push(await time(() => succeed(requests.apply())));
    await succeed(requests.remove());
  }
  await admin.end();
  const [g, f, a, r, o] = [guide, first, again, resent, oneTable].map(median);
  const detail = (ours: number, theirs: number) => `${ours.toFixed(0)} ms / ${theirs.toFixed(0)} ms`;
  return [
    {
      name: "first apply / the guide's statements",
      value: f / g,
      unit: 'x',
      limit: 1.1,
      detail: detail(f, g),
    },
    {
      name: 'nothing changed / the statements again',
      value: a / r,
      unit: 'x',
      limit: 1 / 20,
      detail: detail(a, r),
    },
    { name: 'nothing changed: runs that wrote a catalog row', value: written, unit: 'count', limit: 0 },
    { name: 'one new table / nothing changed', value: o / a, unit: 'x', limit: 2, detail: detail(o, a) },
  ];
}

/** Peak memory of a process of its own that loads the bundle and applies once. */
async function memory(postgres: Postgres): Promise<Figure> {
  await (await makeDatabase(postgres, 'large', MANY_TABLES)).end();
  const request = requestsTo(postgres).apply({ access: { databases: [{ databaseName: 'large' }] } });
  const code = `require(${JSON.stringify(BUNDLE)}).handler(${JSON.stringify(request)}).then((answer) => {
    if (!answer.ok) throw new Error(answer.error.message);
    process.send({ mebibytes: process.resourceUsage().maxRSS / 1024, relations: answer.report.databases[0].relations });
  })`;
  const env = { ...process.env, DATAFOLD_SERVERS: JSON.stringify([pinFor(request)]) };
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
  const { mebibytes, relations } = await new Promise<{ mebibytes: number; relations: number }>(
    (resolve, reject) => {
      child.on('message', resolve);
      child.on('exit', (status) =>
        reject(new Error(`the run with ${MANY_TABLES} tables ended with ${status}`)),
      );
    },
  );
  child.disconnect();
  return { name: `peak memory with ${relations} tables`, value: mebibytes, unit: 'MiB', limit: 128 };
}

async function makeDatabase(postgres: Postgres, name: string, tables: number): Promise<Client> {
  const maintenance = await postgres.connect(postgres.admin);
  await maintenance.query(`CREATE DATABASE ${name}`);
  await maintenance.end();
  const client = await postgres.connect(postgres.admin, name);
  for (let schema = 0; schema < SCHEMAS; schema += 1) {
    const creates = Array.from(
      { length: tables / SCHEMAS },
      (_, table) => `CREATE TABLE s${schema}.t${table} (id int)`,
    );
    await client.query(`CREATE SCHEMA s${schema}; ${creates.join('; ')}`);
  }
  await client.query('VACUUM ANALYZE');
  return client;
}

/** What comes next shall not pay for what the server still has to clean up. */
async function rest(postgres: Postgres): Promise<void> {
  const client = await postgres.connect(postgres.superuser, 'app');
  await client.query('VACUUM ANALYZE');
  await client.end();
}

const GRANTS = Array.from({ length: SCHEMAS }, (_, schema) => [
  `GRANT USAGE ON SCHEMA s${schema} TO datafold`,
  `GRANT SELECT ON ALL TABLES IN SCHEMA s${schema} TO datafold`,
]).flat();

/** As a person would: psql sends one statement after the other, over a connection with TLS. */
async function runGuide(postgres: Postgres, admin: Client): Promise<void> {
  await admin.query('CREATE SCHEMA datafold_tmp');
  await admin.query(`CREATE ROLE datafold WITH LOGIN ENCRYPTED PASSWORD '${PASSWORD}'`);
  await admin.query('GRANT ALL ON SCHEMA datafold_tmp TO datafold');
  await resendGuide(postgres);
}

async function resendGuide({ host, port, admin, caCertificate: ca }: Postgres): Promise<void> {
  const client = new Client({ host, port, database: 'app', ...admin, ssl: { ca } });
  await client.connect();
  for (const statement of GRANTS) await client.query(statement);
  await client.end();
}

async function undoGuide(admin: Client): Promise<void> {
  await admin.query(
    'GRANT datafold TO CURRENT_USER; DROP SCHEMA datafold_tmp; DROP OWNED BY datafold; DROP ROLE datafold',
  );
}

async function succeed(request: SqlRequest): Promise<void> {
  const { handler } = (await import(BUNDLE)) as { handler(request: SqlRequest): Promise<SqlResponse> };
  process.env.DATAFOLD_SERVERS = JSON.stringify([pinFor(request)]);
  const log = console.log;
  console.log = () => undefined;
  const answer = await handler(request).finally(() => (console.log = log));
  if (!answer.ok) throw new Error(answer.error.message);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
