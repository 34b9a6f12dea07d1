import { AwsFailure } from '../../lib/handler/provisioner/aws/failure';
import { doctor } from '../../lib/cli/doctor';
import { verifyFromHere } from '../../lib/cli/doctor/verify';
import { requestsTo } from '../support/requests';
import { withServer } from '../support/with-server';
import { GROUP, prepare, RUNNER, runDoctor, SECRET, STACK, World } from './support/doctor-world';

const server = withServer();
let world: World;
let version: string;
beforeAll(async () => {
  await prepare(server);
  version = String((await server.sql('SHOW server_version'))[0].server_version);
});
beforeEach(() => (world = new World(server.postgres)));

const run = async (...args: string[]) => runDoctor(world, ...args);
const CONNECTED = () => `Connected to database "app" as "datafold" over TLS (PostgreSQL ${version}).`;

test('a healthy stack: one line for each check, status 0', async () => {
  expect(await run('--stack', 'Shop')).toEqual({
    status: 0,
    lines: [
      'ok       Shop      stack             It is UPDATE_COMPLETE.',
      'ok       shop/app  form              The data source is complete (postgres_aurora).',
      `ok       shop/app  connection        ${CONNECTED()} (Tested from here.)`,
      'ok       shop/app  temp_schema       Tables can be created in schema "datafold_tmp".',
      'ok       shop/app  schema_download   2 of 2 relations in 1 schemas can be read.',
      'ok       shop/app  read_only         The role can read, and write in its schema; no other right was found.',
      `ok       shop/app  log_group         ${GROUP} is there, kept for 30 days.`,
      `ok       shop/app  access_key        The key AKIAEXAMPLE reads ${GROUP} (FilterLogEvents).`,
      'ok       shop/app  parameter_group   shop-group has log_statement mod, in force on all instances.',
      `ok       shop/app  lineage_download  log_statement is mod; the log is exported to ${GROUP}.`,
      '10 checks: 10 ok, 0 warnings, 0 failed.',
    ],
  });
  expect(world.invoked).toEqual([]);
});

test('a server out of reach is tested by the function of the stack, and the line says so', async () => {
  world.hidden = 'shop.example:5432 is not reachable from here (ETIMEDOUT)';
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(0);
  expect(lines[2]).toBe(
    `ok       shop/app  connection        ${CONNECTED()} (Tested by the function ${RUNNER}: shop.example:5432 is not reachable from here (ETIMEDOUT))`.replace(
      '))',
      ').)',
    ),
  );
  expect(world.invoked).toEqual([RUNNER]);
});

test('by its secret alone the stack is found, and with it the function', async () => {
  const { status, lines } = await run('--secret', SECRET);
  expect(status).toBe(0);
  expect(lines).toHaveLength(11);
});

test('a certificate that is not trusted here is left to the function', async () => {
  delete (world.form.options as Record<string, unknown>).rootcert;
  const { reached, because } = (await verifyFromHere(
    requestsTo(server.postgres).verify({
      server: { host: server.postgres.host, port: server.postgres.port, tls: 'verify-full' },
    }),
  )) as { reached: boolean; because: string };
  expect(reached).toBe(false);
  expect(because).toMatch(
    /^the certificate of localhost is not trusted here \(\w+; --ca FILE names its authority\)$/,
  );
});

test('everything that can be wrong is told in one run, with cause and next step', async () => {
  await server.sql('REVOKE SELECT ON notes FROM datafold', 'app');
  await server.sql('GRANT INSERT ON orders TO PUBLIC', 'app');
  world.stack = { ...STACK, status: 'UPDATE_ROLLBACK_COMPLETE' };
  world.keyError = new Error(
    'logs:FilterLogEvents with the key AKIAEXAMPLE on group failed with AccessDeniedException: not authorized',
  );
  world.server = { ...world.server, exports: [] };
  world.parameter = undefined;
  const { status, lines } = await run('--stack', 'Shop');
  await server.sql('GRANT SELECT ON notes TO datafold', 'app');
  await server.sql('REVOKE INSERT ON orders FROM PUBLIC', 'app');
  expect({ status, lines }).toEqual({
    status: 1,
    lines: [
      'warning  Shop      stack             It is UPDATE_ROLLBACK_COMPLETE. Next: Deploy it again; the events of the stack tell what went wrong.',
      'ok       shop/app  form              The data source is complete (postgres_aurora).',
      `ok       shop/app  connection        ${CONNECTED()} (Tested from here.)`,
      'ok       shop/app  temp_schema       Tables can be created in schema "datafold_tmp".',
      'FAILED   shop/app  schema_download   1 of 2 relations in 1 schemas can be read. Next: Deploy with another `revision`, or let the owners run the statements. GRANT SELECT ON TABLE "public"."notes" TO "datafold";',
      'warning  shop/app  read_only         The role can do more than read: INSERT on relation "public"."orders", which everybody has. Next: To end it: REVOKE INSERT ON TABLE "public"."orders" FROM PUBLIC;',
      `ok       shop/app  log_group         ${GROUP} is there, kept for 30 days.`,
      'FAILED   shop/app  access_key        logs:FilterLogEvents with the key AKIAEXAMPLE on group failed with AccessDeniedException: not authorized Next: Deploy with another `revision`, which makes a key that works, and enter it in Datafold. A new key takes seconds to work. A key that has `sourceIps` is denied here (AccessDenied), and works for Datafold.',
      'FAILED   shop/app  parameter_group   shop-group has log_statement at its default. Next: Deploy with another `revision`: somebody changed or replaced the group.',
      'FAILED   shop/app  lineage_download  log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on. Next: Deploy with another `revision`: statement logging sets it right.',
      '10 checks: 4 ok, 2 warnings, 4 failed.',
    ],
  });
});

test('what the role may read in vain, or not as a whole, is a warning with the statements', async () => {
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

test('a wrong password is told with the code, and neither password nor key is in the output', async () => {
  (world.form.options as Record<string, unknown>).password = 'not-the-password';
  const { status, lines } = await run('--stack', 'Shop', '--json');
  const { ok, checks } = JSON.parse(lines.join('\n')) as {
    ok: boolean;
    checks: { check: string; status: string; message: string }[];
  };
  expect([status, ok]).toEqual([1, false]);
  expect(checks.find(({ check }) => check === 'connection')).toMatchObject({
    status: 'failed',
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "datafold" failed: password authentication failed for user "datafold" (28P01). The password is wrong. Make the secret hold the current password. (Tested from here.)`,
  });
  expect(lines.join()).not.toMatch(/not-the-password|key-secret/);
});

test('an incomplete form names the fields, never their values', async () => {
  world.form = {
    ...world.form,
    temp_schema: '',
    options: { ...(world.form.options as object), aws_region: '' },
  };
  const { lines } = await run('--stack', 'Shop');
  expect(lines[1]).toBe(
    `FAILED   shop/app  form             The data source in ${SECRET} lacks: temp_schema, options.aws_region. Next: Deploy with another \`revision\`: that puts the form together.`,
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
  world.stack = stack;
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(1);
  expect(lines).toContain(line);
});

test('a call that AWS denies is the cause of its check', async () => {
  world.readSecret = async () => {
    throw new AwsFailure('secretsmanager:GetSecretValue', SECRET, 'AccessDenied');
  };
  const { status, lines } = await run('--stack', 'Shop');
  expect(status).toBe(1);
  expect(lines[1]).toBe(
    `FAILED   ${SECRET}  secret  secretsmanager:GetSecretValue on ${SECRET} failed with AccessDenied. Next: Allow your AWS credentials to read the secret.`,
  );
});

test('progress is shown only to who watches, on standard error', async () => {
  const written: string[] = [];
  const error = { isTTY: true, write: (text: string) => written.push(text) };
  await doctor(['--stack', 'Shop'], () => world, { out: () => undefined, error });
  expect(written[0]).toBe('\r\u001b[Klooking at Shop: stack …');
  expect(written.at(-1)).toBe('\r\u001b[K');
});
