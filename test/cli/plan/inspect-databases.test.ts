import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import type { QueryResult } from 'pg';
import { inspectByDataApi } from '../../../lib/cli/inspection/data-api';
import { inspectionScript } from '../../../lib/cli/inspection/script';
import { withServer } from '../../support/with-server';
import { DataApiServer } from '../support/data-api-server';
import { PlanEnvironment, runPlan, SECRET } from '../support/plan-environment';
import { SPEC } from '../support/run-inspection';

const server = withServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
const ON_APP = ['--cluster', 'shop', '--database', 'app'];
const PSQL = ['/usr/lib/postgresql/15/bin/psql', '/usr/bin/psql'].find(existsSync);
const folder = mkdtempSync(join(tmpdir(), 'datafold-plan-'));
let dataApi: DataApiServer;
let client: RDSDataClient;

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE EXTENSION pg_stat_statements; CREATE ROLE "Etl's" LOGIN; CREATE SCHEMA "a b"; CREATE TABLE "a b".t (id int);
     CREATE TABLE notes (id int); ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON notes USING (current_user = 'x"y');
     CREATE VIEW v AS SELECT n.id FROM notes n; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW w AS SELECT f() AS a;
     GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT UPDATE ON "a b".t TO PUBLIC`,
    'app',
  );
  dataApi = await new DataApiServer(server.postgres).start();
  client = new RDSDataClient({
    endpoint: dataApi.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  await dataApi.stop();
  rmSync(folder, { recursive: true });
});

function environment(): PlanEnvironment {
  const made = new PlanEnvironment(server.postgres);
  made.addCluster('default.aurora-postgresql16', { HttpEndpointEnabled: true });
  made.dataApi = async (target, request) => inspectByDataApi(target, request, client);
  return made;
}

interface Report {
  readonly sql: { method: string; databases: string[] };
  readonly findings: readonly { topic: string; subject: string; message: string }[];
}

async function planned(made: PlanEnvironment, ...args: string[]): Promise<Report> {
  const { out, error } = await runPlan(made, ...ON_APP, '--json', ...args);
  if (out === '') throw new Error(error);
  return JSON.parse(out) as Report;
}

/** What a plan says of the database, whichever way it was read. */
const ofDatabase = ({ findings }: Report) => findings.filter(({ subject }) => subject === 'app');
const ofSql = ({ findings }: Report) =>
  findings.filter(({ topic }) => topic === 'sql').map(({ message }) => message);

/** Pastes what a client printed. */
async function pasted(text: string, ...args: string[]): Promise<Report> {
  const file = join(folder, 'plan.txt');
  writeFileSync(file, text);
  return planned(environment(), '--sql-result', file, ...args);
}

/** The output of the script in a client that runs several statements at once. */
async function scriptRows(): Promise<string[]> {
  const connection = await server.connection('app', server.postgres.admin);
  const results = (await connection.query(inspectionScript(SPEC))) as unknown as QueryResult<
    Record<string, unknown>
  >[];
  return results.flatMap(({ rows }) => rows.map((row) => String(Object.values(row)[0])));
}

test('the Data API finds what a connection finds, and says what it did not test', async () => {
  const [direct, made] = [await planned(environment(), '--secret', SECRET), environment()];
  made.hidden = 'shop.example:5432 is not reachable from here (ETIMEDOUT)';
  const report = await planned(made, '--secret', SECRET);
  expect(report.sql).toEqual({ method: 'data-api', databases: ['app'] });
  expect(ofSql(report)).toEqual([
    'Inspected by the Data API (shop.example:5432 is not reachable from here (ETIMEDOUT)). TLS, pg_hba.conf and the network path were not tested.',
  ]);
  expect(ofDatabase(report)).toEqual(ofDatabase(direct));
  expect(ofDatabase(report).length).toBeGreaterThan(8);
});

test('the Data API gets statements in read-only transactions alone, each of which is ended', async () => {
  const from = dataApi.statements.length;
  const report = await planned(environment(), '--secret', SECRET, '--data-api');
  expect(ofSql(report)).toEqual([
    'Inspected by the Data API (--data-api is given). TLS, pg_hba.conf and the network path were not tested.',
  ]);
  const [first, second, ...others] = dataApi.statements.slice(from);
  expect([first, second]).toEqual([
    'SET TRANSACTION READ ONLY',
    'SET LOCAL search_path = pg_catalog, pg_temp',
  ]);
  expect(others.filter((sql) => !sql.startsWith('SELECT '))).toEqual([]);
  expect(dataApi.open).toBe(0);
});

test('a cluster that resumes is waited for', async () => {
  dataApi.paused = 1;
  expect((await planned(environment(), '--secret', SECRET, '--data-api')).sql.method).toBe('data-api');
}, 20_000);

test('an error of the Data API prevents the deployment and names action and cluster', async () => {
  const made = environment();
  const { out, status } = await runPlan(
    made,
    '--cluster',
    'shop',
    '--database',
    'nil',
    '--data-api',
    '--secret',
    SECRET,
  );
  expect(status).toBe(1);
  expect(out).toMatch(
    /^PREVENTS {2}shop {2}sql {14}rds-data:BeginTransaction on arn:aws:rds:us-east-1:111122223333:cluster:shop failed with DatabaseErrorException: .*database "nil" does not exist/m,
  );
});

test('the pasted output of the script says what a connection says', async () => {
  const direct = await planned(environment(), '--secret', SECRET);
  const rows = await scriptRows();
  const report = await pasted(['SET', ...rows, 'RESET'].join('\n'));
  expect(report.sql).toEqual({ method: 'pasted', databases: ['app'] });
  expect(ofSql(report)).toEqual([
    'Inspected by the output of the script. Login, TLS and the network path were not tested.',
  ]);
  expect(ofDatabase(report)).toEqual(ofDatabase(direct));
  const csv = rows.map((row) => `"${row.replaceAll('"', '""')}"`).join('\r\n');
  expect(ofDatabase(await pasted(csv))).toEqual(ofDatabase(direct));
});

(PSQL ? test : test.skip)('psql runs the script as its first lines say', async () => {
  const file = join(folder, 'plan.sql');
  const { status, out } = await runPlan(environment(), '--sql');
  expect(status).toBe(0);
  writeFileSync(file, out);
  const { port, admin } = server.postgres;
  const text = execFileSync(
    PSQL!,
    [`host=127.0.0.1 port=${port} dbname=app user=${admin.user}`, '-XAtq', '-f', file],
    {
      encoding: 'utf8',
      env: { PGPASSWORD: admin.password, PGSSLMODE: 'require' },
    },
  );
  expect(ofDatabase(await pasted(text))).toEqual(
    ofDatabase(await planned(environment(), '--secret', SECRET)),
  );
});

test('output of another database, or of nothing, is said', async () => {
  const rows = await scriptRows();
  expect(ofSql(await pasted(rows.join('\n'), '--database', 'billing'))).toContain(
    'There is no output for the database billing.',
  );
  expect(
    ofDatabase(await pasted(rows.filter((row) => !row.includes('"server"')).join('\n'))).map(
      ({ message }) => message,
    ),
  ).toEqual(['The output has no part about the server.']);
  await expect(pasted('psql: error: connection refused')).rejects.toThrow(
    'has no output of the script that plan --sql prints. Run the script in the database and keep its whole output.',
  );
});

test('output of a script for other schemas is no plan for these', async () => {
  const found = ofDatabase(await pasted((await scriptRows()).join('\n'), '--schemas', 'nil'));
  expect(found.filter(({ topic }) => topic === 'schemas').map(({ message }) => message)).toEqual([
    'The deployment fails, because these schemas do not exist: "nil".',
    'The output is of a script that was printed for other schemas.',
  ]);
});

test('the script needs no server and no account, and nothing in it is a parameter of the Data API or longer than it takes', async () => {
  const { status, out } = await runPlan(
    environment(),
    '--sql',
    '--role',
    "Data'fold",
    '--temp-schema',
    'tmp',
  );
  expect(status).toBe(0);
  expect(out).toContain(`rolname = 'Data''fold'`);
  expect(out).not.toMatch(/(?<![:\w]):[A-Za-z_]/);
  expect(out.split(/;\n/).every((statement) => Buffer.byteLength(statement) < 65_536)).toBe(true);
});
