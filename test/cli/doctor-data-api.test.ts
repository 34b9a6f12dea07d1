import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { inspectByDataApi } from '../../lib/cli/inspection/data-api';
import { withServer } from '../support/with-server';
import { DataApiServer } from './support/data-api-server';
import { DoctorEnvironment, prepare, runDoctor, STACK } from './support/doctor-environment';

const server = withServer();
const ADMIN_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:Admin-AbCdEf';
const AWAY = 'localhost:5432 is not reachable from here (ETIMEDOUT)';
let dataApi: DataApiServer;
let environment: DoctorEnvironment;
const secrets: string[] = [];

beforeAll(async () => {
  await prepare(server);
  dataApi = await new DataApiServer(server.postgres).start();
});
afterAll(async () => dataApi.stop());

/** A cluster that neither this machine nor the function reaches; the Data API is on. */
beforeEach(async () => {
  environment = new DoctorEnvironment(server.postgres);
  environment.hidden = AWAY;
  environment.verifyByFunction = async () => {
    throw new Error('lambda:InvokeFunction on Shop-DatafoldSqlRunner failed with AccessDenied.');
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new RDSDataClient({ endpoint: dataApi.url, region: 'us-east-1', credentials });
  environment.dataApi = async (target, request) => {
    secrets.push(target.secretArn);
    return inspectByDataApi(target, request, client);
  };
  environment.stack = withAdminSecret();
});

/** The stack with the secret of its administrator. */
function withAdminSecret() {
  const stack = JSON.parse(JSON.stringify(STACK)) as typeof STACK;
  const { Resources } = stack.template as {
    Resources: Record<string, { Properties: Record<string, unknown> }>;
  };
  Resources.Access.Properties.adminSecretArn = ADMIN_SECRET;
  return stack;
}

/** The checks of the database, without the columns that are the same. */
async function checks(...args: string[]) {
  const { status, lines } = await runDoctor(environment, '--stack', 'Shop', ...args);
  const ofDatabase = lines.filter((line) =>
    / (connection|temp_schema|schema_download|read_only|readable|all_rows|log_statement|lineage\w*) /.test(
      line,
    ),
  );
  return { status, lines: ofDatabase.map((line) => line.replace(/ {2,}/g, ' | ')) };
}

test('privileges are checked by the Data API, which says what was not tested', async () => {
  const before = await server.dump('app');
  expect(await checks()).toEqual({
    status: 0,
    lines: [
      `warning | shop/app | connection | Inspected by the Data API as master (${AWAY}). The login of the role, TLS, pg_hba.conf and the network path were not tested. Next: Run the doctor from a network that reaches the server to test them.`,
      'ok | shop/app | temp_schema | The role may create tables in the schema datafold_tmp; none was created.',
      'ok | shop/app | schema_download | 2 of 2 relations can be read, by their privileges.',
      'ok | shop/app | readable | No view, policy or foreign table was found that fails or hides rows.',
      'ok | shop/app | read_only | The role could write nowhere but in its schema: no other privilege was found.',
      'ok | shop/app | parameter_group | shop-group has log_statement mod, in effect on all instances.',
      'ok | shop/app | lineage_download | log_statement is mod; the log is exported to /aws/rds/cluster/shop/postgresql.',
    ],
  });
  expect(secrets.at(-1)).toBe(ADMIN_SECRET);
  expect(await server.dump('app')).toBe(before);
});

test('what the role cannot read, and settings that keep its statements out of the log, are found', async () => {
  await server.sql(
    'REVOKE SELECT ON notes FROM datafold; ALTER ROLE datafold SET log_statement = none',
    'app',
  );
  try {
    const { status, lines } = await checks();
    expect(status).toBe(1);
    expect(lines).toContain(
      'FAILED | shop/app | schema_download | 1 of 2 relations can be read, by their privileges. Next: Deploy with another `revision`, or run the statements of `sql` again.',
    );
    expect(lines.find((line) => line.includes('lineage_download'))).toMatch(
      /^FAILED .*log_statement is none for the role/,
    );
  } finally {
    await server.sql('GRANT SELECT ON notes TO datafold; ALTER ROLE datafold RESET log_statement', 'app');
  }
});

test('another secret can be named; an error of the Data API is a failed check', async () => {
  environment.dataApi = async (target) => ({
    connected: true,
    error: `${target.secretArn} is denied.`,
    failsFromAnywhere: false,
  });
  const { status, lines } = await checks('--data-api-secret', 'arn:other');
  expect(status).toBe(1);
  expect(lines[0]).toBe(
    `FAILED | shop/app | connection | ${AWAY}, and the Data API failed: arn:other is denied. Next: Allow rds-data:* on the cluster and reading the secret for your AWS credentials.`,
  );
});

test('without the Data API only the function is asked, and its error is the result', async () => {
  environment.dataApi = undefined;
  const { status, lines } = await checks();
  expect(status).toBe(1);
  expect(lines[0]).toBe(
    'FAILED | shop/app | connection | lambda:InvokeFunction on Shop-DatafoldSqlRunner failed with AccessDenied. Next: Allow lambda:InvokeFunction for your AWS credentials.',
  );
});
