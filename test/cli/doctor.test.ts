import { AwsFailure } from '../../lib/handler/provisioner/aws/failure';
import { doctorCommand } from '../../lib/cli/doctor';
import { main } from '../../lib/cli/main';
import { verifyFromHere } from '../../lib/cli/doctor/verify';
import { requestsTo } from '../support/requests';
import { withServer } from '../support/with-server';
import {
  GROUP,
  prepare,
  RUNNER,
  runDoctor,
  SECRET,
  STACK,
  DoctorEnvironment,
} from './support/doctor-environment';

const server = withServer();
let environment: DoctorEnvironment;
let version: string;
beforeAll(async () => {
  await prepare(server);
  version = String((await server.sql('SHOW server_version'))[0].server_version);
});
beforeEach(() => (environment = new DoctorEnvironment(server.postgres)));

const run = async (...args: string[]) => runDoctor(environment, ...args);
const CONNECTED = () => `Connected to database "app" as "datafold" over TLS (PostgreSQL ${version}).`;

test('prints one line for each check and exits with 0 for a healthy stack', async () => {
  expect(await run('--stack', 'Shop')).toEqual({
    status: 0,
    lines: [
      'ok       Shop      stack             It is UPDATE_COMPLETE.',
      'ok       Shop      network           Declared: the path exists and is not managed by the stack. Test the data source in Datafold: the path cannot be checked from here.',
      'ok       shop/app  form              The data source is complete (postgres_aurora).',
      `ok       shop/app  connection        ${CONNECTED()} (Tested from here.)`,
      'ok       shop/app  temp_schema       Tables can be created in schema "datafold_tmp".',
      'ok       shop/app  schema_download   2 of 2 relations in 1 schemas can be read.',
      'ok       shop/app  read_only         The role can read, and write in its schema; no other right was found.',
      `ok       shop/app  log_group         ${GROUP} exists, kept for 30 days.`,
      `ok       shop/app  access_key        The key AKIAEXAMPLE reads ${GROUP} (FilterLogEvents).`,
      'ok       shop/app  parameter_group   shop-group has log_statement mod, in effect on all instances.',
      `ok       shop/app  lineage_download  log_statement is mod; the log is exported to ${GROUP}.`,
      '11 checks: 11 ok, 0 warnings, 0 failed.',
    ],
  });
  expect(environment.invoked).toEqual([]);
});

test('tests a server that this machine cannot reach with the function of the stack, and says so', async () => {
  environment.hidden = 'shop.example:5432 is not reachable from here (ETIMEDOUT)';
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(0);
  expect(lines[3]).toBe(
    `ok       shop/app  connection        ${CONNECTED()} (Tested by the function ${RUNNER}: shop.example:5432 is not reachable from here (ETIMEDOUT))`.replace(
      '))',
      ').)',
    ),
  );
  expect(environment.invoked).toEqual([RUNNER]);
});

test('the function tests the address of the server, not that of a network path in the data source', async () => {
  const { host, port } = server.postgres;
  Object.assign(environment.form.options as object, { host: 'db.example.com', port: 5433 });
  environment.server = { ...environment.server, host, port };
  environment.hidden = 'db.example.com:5433 is not reachable from here (ENOTFOUND)';
  const { status, lines } = await run('--stack', 'Shop');
  expect(lines[3]).toBe(
    `ok       shop/app  connection        ${CONNECTED()} (Tested by the function ${RUNNER}: ${environment.hidden}.)`,
  );
  expect(status).toBe(0);
});

test('finds the stack and its function by the secret alone', async () => {
  const { status, lines } = await run('--secret', SECRET);
  expect(status).toBe(0);
  expect(lines).toHaveLength(12);
});

test('uses the function if this machine does not trust the certificate of the server', async () => {
  delete (environment.form.options as Record<string, unknown>).rootcert;
  const { connected, reason } = (await verifyFromHere(
    requestsTo(server.postgres).verify({
      server: { host: server.postgres.host, port: server.postgres.port, tls: 'verify-full' },
    }),
  )) as { connected: boolean; reason: string };
  expect(connected).toBe(false);
  expect(reason).toMatch(
    /^the certificate of localhost is not trusted here \(\w+; --ca FILE names its authority\)$/,
  );
});

test('reports everything that is wrong in one run, with cause and next step', async () => {
  await server.sql('REVOKE SELECT ON notes FROM datafold', 'app');
  await server.sql('GRANT INSERT ON orders TO PUBLIC', 'app');
  environment.stack = { ...STACK, status: 'UPDATE_ROLLBACK_COMPLETE' };
  environment.keyError = new Error(
    'logs:FilterLogEvents with the key AKIAEXAMPLE on group failed with AccessDeniedException: not authorized',
  );
  environment.server = { ...environment.server, exports: [] };
  environment.parameter = undefined;
  const { status, lines } = await run('--stack', 'Shop');
  await server.sql('GRANT SELECT ON notes TO datafold', 'app');
  await server.sql('REVOKE INSERT ON orders FROM PUBLIC', 'app');
  expect({ status, lines }).toEqual({
    status: 1,
    lines: [
      'warning  Shop      stack             It is UPDATE_ROLLBACK_COMPLETE. Next: Deploy it again; the events of the stack show the cause.',
      'ok       Shop      network           Declared: the path exists and is not managed by the stack. Test the data source in Datafold: the path cannot be checked from here.',
      'ok       shop/app  form              The data source is complete (postgres_aurora).',
      `ok       shop/app  connection        ${CONNECTED()} (Tested from here.)`,
      'ok       shop/app  temp_schema       Tables can be created in schema "datafold_tmp".',
      'FAILED   shop/app  schema_download   1 of 2 relations in 1 schemas can be read. Next: Deploy with another `revision`, or let the owners run the statements. GRANT SELECT ON TABLE "public"."notes" TO "datafold";',
      'warning  shop/app  read_only         The role can do more than read: INSERT on relation "public"."orders", granted to PUBLIC. Next: To end it: REVOKE INSERT ON TABLE "public"."orders" FROM PUBLIC;',
      `ok       shop/app  log_group         ${GROUP} exists, kept for 30 days.`,
      'FAILED   shop/app  access_key        logs:FilterLogEvents with the key AKIAEXAMPLE on group failed with AccessDeniedException: not authorized Next: Deploy with another `revision`, which makes a key that works, and enter it in Datafold. A new key takes seconds to work. A key that has `sourceIps` is denied here (AccessDenied), and works for Datafold.',
      'FAILED   shop/app  parameter_group   shop-group has log_statement at its default. Next: Deploy with another `revision`: somebody changed or replaced the group.',
      'FAILED   shop/app  lineage_download  log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on. Next: Deploy with another `revision`: StatementLogging repairs it.',
      '11 checks: 5 ok, 2 warnings, 4 failed.',
    ],
  });
});

test('warns, with statements to run, about relations that fail to be read or hide rows', async () => {
  await server.sql(
    `ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one WITH NO DATA; GRANT SELECT ON m TO datafold;
     ALTER ROLE datafold SET statement_timeout = '5s'`,
    'app',
  );
  const { status, lines } = await run('--stack', 'Shop');
  await server.sql(
    'ALTER ROLE datafold RESET ALL; ALTER TABLE notes DISABLE ROW LEVEL SECURITY; DROP MATERIALIZED VIEW m',
    'app',
  );
  expect(status).toBe(0);
  expect(lines.filter((line) => /schema_download|^warning/.test(line))).toEqual([
    'ok       shop/app  schema_download   2 of 3 relations in 1 schemas can be read. Reading fails for 1. Rows of 1 may be hidden by row-level security.',
    'warning  shop/app  readable          Reading fails for 1 relations: "public"."m" (materialized view "public"."m" is not populated). Next: REFRESH MATERIALIZED VIEW "public"."m";',
    'warning  shop/app  all_rows          Rows of 1 relations may be hidden by row-level security: "public"."notes" (row-level security of "public"."notes" shows no rows to "datafold"). Next: CREATE POLICY "datafold" ON "public"."notes" FOR SELECT TO "datafold" USING (true);',
    'warning  shop/app  settings          statement_timeout is 5000 ms, so statements that take longer fail. Next: ALTER ROLE "datafold" RESET statement_timeout;',
  ]);
});

test('reports a wrong password with its code, and prints neither password nor key', async () => {
  (environment.form.options as Record<string, unknown>).password = 'not-the-password';
  const { status, lines } = await run('--stack', 'Shop', '--json');
  const { ok, checks } = JSON.parse(lines.join('\n')) as {
    ok: boolean;
    checks: { check: string; status: string; message: string }[];
  };
  expect([status, ok]).toEqual([1, false]);
  expect(checks.find(({ check }) => check === 'connection')).toMatchObject({
    status: 'failed',
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "datafold" failed: password authentication failed for user "datafold" (28P01). The password is wrong. Set the current password in the secret. (Tested from here.)`,
  });
  expect(lines.join()).not.toMatch(/not-the-password|key-secret/);
});

test('names the missing fields of a data source, never their values', async () => {
  environment.form = {
    ...environment.form,
    temp_schema: '',
    options: { ...(environment.form.options as object), aws_region: '' },
  };
  const { lines } = await run('--stack', 'Shop');
  expect(lines[2]).toBe(
    `FAILED   shop/app  form             The data source in ${SECRET} lacks: temp_schema, options.aws_region. Next: Deploy with another \`revision\`, which writes the secret again.`,
  );
});

test.each([
  [
    undefined,
    'FAILED   Shop  stack  There is no such stack in this account and region. Next: Check --stack, --region and --profile.',
  ],
  [
    { ...STACK, template: { Resources: {} } },
    'FAILED   Shop  connections  The stack has no data source of this library. Next: Name the stack with the DatafoldPostgres construct.',
  ],
])('a stack that is not the one: %#', async (stack, line) => {
  environment.stack = stack;
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(1);
  expect(lines).toContain(line);
});

test('reports a call that AWS denies as the cause of the failed check', async () => {
  environment.readSecret = async () => {
    throw new AwsFailure('secretsmanager:GetSecretValue', SECRET, 'AccessDenied');
  };
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(1);
  expect(lines[2]).toBe(
    `FAILED   ${SECRET}  secret   secretsmanager:GetSecretValue on ${SECRET} failed with AccessDenied. Next: Allow your AWS credentials to read the secret.`,
  );
});

test('shows progress on standard error only if that is a terminal', async () => {
  const written: string[] = [];
  const error = { isTTY: true, write: (text: string) => written.push(text) };
  const terminal = { out: () => undefined, error, columns: 80, hasColors: false };
  await main(['doctor', '--stack', 'Shop'], terminal, [doctorCommand(async () => environment)]);
  expect(written[0]).toBe('\r\u001b[Kchecking Shop: stack …');
  expect(written.at(-1)).toBe('\r\u001b[K');
});
