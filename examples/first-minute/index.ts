// `npm start`: a demonstration that needs no AWS account.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApplyRequest } from '../../lib/private/wire/sql';
import type { SqlResponse } from '../../lib/private/wire/sql-reports';
import type { Postgres } from '../../test/support/postgres';
import { pinFor } from '../../test/support/requests';
import { startShop } from './database';
import { statementsIn } from './log';
import { heading, line, paragraph, table } from './print';
import { showTemplate } from './template';

const DATABASE = 'shop';
/** The bundle of the function, as Lambda runs it. */
const BUNDLE = join(__dirname, '../../assets/sql-runner/index.js');
interface SqlRunner {
  handler(request: ApplyRequest, context: object): Promise<SqlResponse<ApplyRequest>>;
}

/** Sends the request that the provisioner would send to the sql-runner in the VPC; hides the log of the function. */
async function apply(server: Postgres, password: string): Promise<SqlResponse<ApplyRequest>> {
  const { host, port, caCertificate, admin } = server;
  const { handler } = (await import(BUNDLE)) as SqlRunner;
  const request: ApplyRequest = {
    operation: 'apply',
    server: { host, port, caCertificate, tls: 'verify-full' },
    admin,
    password,
    owner: { key: 'first-minute', id: 'first-minute', stackName: 'npm start' },
    access: {
      roleName: 'datafold',
      tempSchema: 'datafold_tmp',
      databases: [{ databaseName: DATABASE }],
      maintenanceDatabase: 'postgres',
      futureTables: true,
      adoptExisting: false,
      onUnreadable: 'fail',
    },
  };
  // Pins the server, as the constructs do: the function connects to pinned servers only.
  process.env.DATAFOLD_SERVERS = JSON.stringify([pinFor(request)]);
  const log = console.log;
  console.log = () => undefined;
  return handler(request, { getRemainingTimeInMillis: () => 60_000 }).finally(() => (console.log = log));
}

function showSteps(response: SqlResponse<ApplyRequest>): void {
  if (!response.ok) throw new Error(response.error.message);
  const [database] = response.report.databases;
  heading(3, "The same four steps as Datafold's own test, as the role datafold over verified TLS");
  table(database.steps.map(({ step, ok, message }) => [ok ? 'ok' : 'FAILED', step, message]));
}

function showLog(server: Postgres, before: number, password: string): void {
  heading(4, 'What Datafold reads in the statement log: the lineage of reporting.revenue');
  statementsIn(server.log().slice(before)).forEach(paragraph);
  heading(5, 'What it does not read there');
  const leaked = server.log().includes(password);
  line(
    leaked
      ? 'THE PASSWORD IS IN THE LOG'
      : 'The password of datafold is nowhere in the log: PostgreSQL is sent a SCRAM verifier.',
  );
  statementsIn(server.log())
    .filter((entry) => entry.includes('SCRAM-SHA-256'))
    .forEach((entry) => line(entry));
  if (leaked) process.exitCode = 1;
}

function showForm(server: Postgres): void {
  heading(6, 'The form of the data source in Datafold; after cdk deploy all of it is in one secret');
  table([
    ['Name', `my-cluster/${DATABASE}`],
    ['Host', `${server.host} (here; the endpoint of the cluster then)`],
    ['Port', String(server.port)],
    ['User', 'datafold'],
    ['Password', '(in the secret)'],
    ['Database Name', DATABASE],
    ['Schema for temporary tables', 'datafold_tmp'],
    ['AWS Access Key, AWS Secret', '(in the secret, of a user who may only read logs)'],
    ['Cloudwatch Postgres Log Group', '/aws/rds/cluster/my-cluster/postgresql'],
  ]);
}

async function main(): Promise<void> {
  showTemplate();
  heading(2, 'The database: a throw-away PostgreSQL with log_statement=mod and a small shop');
  const { server, runNightly } = await startShop();
  try {
    line(
      `PostgreSQL ${Math.floor(server.versionNum / 10_000)} on port ${server.port}; its admin is like that of RDS: CREATEROLE, no superuser`,
    );
    const password = randomBytes(20).toString('hex');
    showSteps(await apply(server, password));
    const before = server.log().length;
    await runNightly();
    showLog(server, before, password);
    showForm(server);
    heading(7, 'Next');
    line('npx cdk deploy -c cluster=… sets up a cluster of yours; README.md says what else it needs.');
  } finally {
    await server.stop();
  }
}

void main();
