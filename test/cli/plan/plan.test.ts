import { AwsFailure } from '../../../lib/handler/provisioner/aws/failure';
import { requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';
import { findingsOf, PlanEnvironment, readyEnvironment, runPlan, SECRET } from '../support/plan-environment';

const server = withServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
const OF_APP = ['--secret', SECRET, '--database', 'app'];
const ON_APP = ['--cluster', 'shop', ...OF_APP];

/** A database whose tables all belong to the admin. */
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    'ALTER SCHEMA public OWNER TO master; REVOKE CREATE ON SCHEMA public FROM PUBLIC; REVOKE CONNECT ON DATABASE postgres FROM PUBLIC',
    'app',
  );
  await server.sql('CREATE TABLE notes (id int); CREATE TABLE orders (id int)', 'app', server.postgres.admin);
});

const IN_APP = (
  version: string,
) => `ok        app   administrator    "master" may create the role and the schema (PostgreSQL ${version}).
change    app   role             The role "datafold" is created.
change    app   role             The schema "datafold_tmp" for temporary tables is created.
ok        app   schemas          2 relations in 1 schema become readable: "public".
ok        app   owners           "master" may act as every owner of a schema or relation (1).
ok        app   readable         No view, policy or foreign table was found that fails or hides rows.
ok        app   creators         New tables of "master" become readable by default privileges.
ok        app   read_only        The role could write nowhere but in its schema: no other privilege was found.`;
const RIGHTS = `ok        shop  rights           role engineer may assume cdk-hnb659fds-deploy-role-111122223333-us-east-1, with which cdk deploy works.
ok        shop  rights           role cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1 may do all 20 actions by which the resources are created.
ok        shop  sql              Inspected from here, over verified TLS.`;
const NO_STATEMENTS =
  'No inspected database has the extension pg_stat_statements, so the volume is known only by the rows that statements changed, if at all. CREATE EXTENSION pg_stat_statements; in one of them allows an estimate by statement, a day later.';

const version = async () => (await server.sql('SHOW server_version'))[0].server_version as string;

test('a cluster that logs enough is ready; the plan says what happens to each part of it', async () => {
  const environment = readyEnvironment(server.postgres);
  environment.addLogFiles(40_000_000);
  expect(await runPlan(environment, ...ON_APP)).toEqual({
    status: 0,
    error: '',
    out: `Plan for the cluster shop (Aurora PostgreSQL 16.4, us-east-1). Nothing was changed.

ok        shop  server           Aurora PostgreSQL 16.4 is supported.
ok        shop  parameter_group  shop-pg has log_statement=mod, which logs enough: it is not changed (no other server uses it).
ok        shop  log_export       The log postgresql is exported to CloudWatch.
ok        shop  log_group        /aws/rds/cluster/shop/postgresql exists: class STANDARD, events expire after 30 days, no customer managed key. It stays as it is.
ok        shop  iam_group        The IAM group CloudWatchLogsReadOnly exists with 1 user (made by this library). A new user with one access key joins it.
warning   shop  network          The server is private: Datafold needs a network path. Next: Set networkAccess to DatafoldNetworkAccess.privateLink, or to DatafoldNetworkAccess.existing() if there is peering, a VPN or a tunnel (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md).
${RIGHTS}
${IN_APP(await version())}

The server writes 960 MB a day into its log today.
CloudWatch Logs ingests no more than today.
${NO_STATEMENTS}

Ready: nothing prevents the deployment. 2 changes, 1 warning.
`,
  });
});

test('an instance with a default group gets a group of its own, in effect after a reboot; a public one is opened to Datafold', async () => {
  const environment = new PlanEnvironment(server.postgres);
  environment.addInstance('default.postgres16', { PubliclyAccessible: true });
  environment.isInternet = true;
  environment.addLogFiles(1_000_000);
  expect(await runPlan(environment, '--instance', 'SHOP', '--price-per-gb', '0.6', ...OF_APP)).toEqual({
    status: 0,
    error: '',
    out: `Plan for the instance shop (PostgreSQL 16.4, us-east-1). Nothing was changed.

ok        shop  server           PostgreSQL 16.4 is supported.
change    shop  parameter_group  default.postgres16 is a default group of AWS, which nobody can change: a new group of the family postgres16 (datafold-…) with log_statement=mod is associated.
warning   shop  reboot           The new parameter group is in effect after a reboot of shop, which neither the deployment nor a maintenance window starts. Next: Reboot at a time that suits you, or set rebootPolicy to RebootPolicy.IF_PENDING: the deployment then reboots it. Until then Datafold may derive no lineage.
change    shop  log_export       The export of the log postgresql to CloudWatch is turned on, without a reboot.
change    shop  log_group        /aws/rds/instance/shop/postgresql does not exist yet: it is created in the class STANDARD. It keeps events forever unless you set logRetention.
change    shop  iam_group        The IAM group CloudWatchLogsReadOnly is created with the AWS managed policy CloudWatchLogsReadOnlyAccess. A new user with one access key joins it; a policy of the user denies all other log groups.
change    shop  network          The server is publicly accessible. With networkAccess set to DatafoldNetworkAccess.allowlist(), its security groups let the addresses of app.datafold.com in; today they do not.
${RIGHTS}
${IN_APP(await version())}

The server writes 24 MB a day into its log today.
${NO_STATEMENTS}

Ready: nothing prevents the deployment. 7 changes, 1 warning.
`,
  });
});

test('what prevents a deployment is marked, with what to do about it, and the exit status is 1', async () => {
  const environment = new PlanEnvironment(server.postgres);
  environment.fake.addGroup('cluster', 'all-pg', 'aurora-postgresql16');
  environment.addCluster('all-pg');
  environment.fake.addCluster('billing', 'all-pg');
  environment.logGroup = { logGroupClass: 'INFREQUENT_ACCESS' };
  environment.denied = ['sts:AssumeRole', 'lambda:CreateFunction', 'iam:CreateUser'];
  environment.groupError = new AwsFailure('iam:GetGroup', 'group CloudWatchLogsReadOnly', 'AccessDenied');
  await server.sql('CREATE ROLE locked SUPERUSER; ALTER TABLE orders OWNER TO locked', 'app');
  await server.sql('CREATE ROLE datafold LOGIN');
  await server.sql('GRANT INSERT ON notes TO PUBLIC; ALTER TABLE notes ENABLE ROW LEVEL SECURITY', 'app');
  try {
    const { status, out } = await runPlan(environment, ...ON_APP);
    expect(status).toBe(1);
    expect(out.split('\n').filter((line) => /^(PREVENTS|warning|Not ready)/.test(line))).toEqual([
      'PREVENTS  shop  parameter_group  The parameter group all-pg of the cluster shop is used by billing too. Their statements would be logged as well. Next: Set sharedParameterGroup to MODIFY to accept that, or to COPY to give this cluster a copy (in effect after a reboot).',
      'PREVENTS  shop  log_group        The log group /aws/rds/cluster/shop/postgresql has the class INFREQUENT_ACCESS, in which Datafold finds nothing: FilterLogEvents works only in the class STANDARD. Next: AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name /aws/rds/cluster/shop/postgresql && aws logs create-log-group --log-group-name /aws/rds/cluster/shop/postgresql. RDS continues to write there.',
      'warning   shop  iam_group        Not known: iam:GetGroup on group CloudWatchLogsReadOnly is denied. Next: Allow iam:GetGroup and iam:ListAttachedGroupPolicies for your AWS credentials, then run plan again.',
      'warning   shop  network          The server is private: Datafold needs a network path. Next: Set networkAccess to DatafoldNetworkAccess.privateLink, or to DatafoldNetworkAccess.existing() if there is peering, a VPN or a tunnel (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md).',
      'PREVENTS  shop  rights           role engineer may not assume cdk-hnb659fds-deploy-role-111122223333-us-east-1 (by the simulation of IAM, which does not know session policies and policies of resources). Next: Allow sts:AssumeRole on the roles of cdk bootstrap (cdk-*), or deploy with other credentials.',
      'warning   shop  rights           role cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1 lacks iam:CreateUser, lambda:CreateFunction on all resources (by the simulation of IAM, which does not know session policies and policies of resources). Next: Allow these actions, if they are not allowed on the resources of the stack already or under a condition.',
      'PREVENTS  app   role             The role "datafold" exists and was not created by this library, which does not change it. Next: Set adoptExisting and the secret with its password (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/migrating.md), or choose another roleName.',
      'PREVENTS  app   owners           "master" may not act as "locked", which owns 1 relation and is a superuser. Next: Give them another owner, or leave their schemas out (excludeSchemas; here --exclude). Or set verification.onUnreadable to FailurePolicy.WARN: the deployment then prints the statements that the owner must run.',
      'warning   app   all_rows         Row-level security may hide rows of 1 relation: "public"."notes" (row-level security of "public"."notes" shows no rows to "datafold"). Next: CREATE POLICY "datafold" ON "public"."notes" FOR SELECT TO "datafold" USING (true);',
      'warning   app   read_only        The role could do more than read: INSERT on relation "public"."notes", granted to PUBLIC. Next: To end it: REVOKE INSERT ON TABLE "public"."notes" FROM PUBLIC;',
      'Not ready: 5 findings marked PREVENTS. 2 changes, 5 warnings.',
    ]);
  } finally {
    await server.sql('ALTER TABLE orders OWNER TO master; DROP ROLE locked', 'app');
    await server.sql('DROP ROLE datafold');
  }
});

test.each([
  [
    'modify',
    'change: log_statement from the default to mod in all-pg, at once and without a reboot (also used by billing). All other parameters stay.',
  ],
  [
    'copy',
    'change: all-pg is also used by billing: a copy of it (datafold-…) with log_statement=mod is associated.',
  ],
])('--shared-group %s plans by that row of the decision table', async (what, first) => {
  const environment = new PlanEnvironment(server.postgres);
  environment.fake.addGroup('cluster', 'all-pg', 'aurora-postgresql16');
  environment.addCluster('all-pg');
  environment.fake.addCluster('billing', 'all-pg');
  const [found] = await findingsOf(
    environment,
    'parameter_group',
    '--cluster',
    'shop',
    '--shared-group',
    what,
  );
  expect(found).toBe(first);
});

test('a plan calls nothing in AWS that changes something, and writes nothing into the database or its log', async () => {
  const environment = new PlanEnvironment(server.postgres);
  environment.addCluster('default.aurora-postgresql16');
  const [before, logged] = [await server.dump('app'), server.postgres.log().length];
  expect((await runPlan(environment, ...ON_APP)).status).toBe(0);
  expect(environment.fake.calls.filter((call) => !/^(Describe|List)/.test(call))).toEqual([]);
  expect(await server.dump('app')).toBe(before);
  expect(server.postgres.log().slice(logged)).not.toMatch(/LOG: {2}(statement|execute)/);
});

test.each([
  ['', true],
  ['CREATE ROLE datafold LOGIN', false],
  ['CREATE ROLE locked SUPERUSER; ALTER TABLE orders OWNER TO locked', false],
  [
    'CREATE VIEW v AS SELECT * FROM orders; ALTER VIEW v OWNER TO master; ALTER TABLE orders ENABLE ROW LEVEL SECURITY',
    true,
  ],
  ['CREATE VIEW v AS SELECT * FROM orders', false],
])('after "%s" a deployment succeeds just if the plan is ready', async (sql, isReady) => {
  const environment = readyEnvironment(server.postgres);
  if (sql !== '') await server.sql(sql, 'app');
  try {
    expect((await runPlan(environment, ...ON_APP)).status).toBe(isReady ? 0 : 1);
    await (isReady
      ? succeed(requestsTo(server.postgres).apply())
      : fail(requestsTo(server.postgres).apply()));
  } finally {
    await succeed(requestsTo(server.postgres).remove());
    await server.sql('ALTER TABLE orders OWNER TO master', 'app');
    await server.sql('DROP ROLE IF EXISTS locked; DROP ROLE IF EXISTS datafold');
  }
});

test('before the role exists, the statements that take something from it name PUBLIC alone', async () => {
  await server.sql('GRANT INSERT ON notes TO PUBLIC', 'app');
  await server.freshDatabase('billing');
  try {
    expect(await findingsOf(readyEnvironment(server.postgres), 'read_only', ...ON_APP)).toEqual([
      'warning: The role could do more than read: INSERT on relation "public"."notes", granted to PUBLIC. Next: To end it: REVOKE INSERT ON TABLE "public"."notes" FROM PUBLIC;',
    ]);
    expect(await findingsOf(readyEnvironment(server.postgres), 'other_databases', ...ON_APP)).toEqual([
      'warning: The role "datafold" can also connect to 1 database that is not named: "billing". The role has the privileges of PUBLIC there. To revoke CONNECT, first grant it to all other roles that need it, then run: REVOKE CONNECT ON DATABASE "billing" FROM PUBLIC;',
    ]);
  } finally {
    await server.sql('DROP DATABASE billing');
  }
});

test('after a deployment the plan finds the role of this library and what it can read', async () => {
  const { apply, remove } = requestsTo(server.postgres);
  await succeed(apply());
  expect(await findingsOf(readyEnvironment(server.postgres), 'role', ...ON_APP)).toEqual([
    'warning: The role "datafold" exists and was created by a stack of this library: the deployment of another stack fails. Next: Deploy the stack that created it; or set adoptExisting, with passwordSecret to share the role; or choose another roleName.',
  ]);
  await succeed(remove());
});

test('--json has the plan as documented', async () => {
  const { out } = await runPlan(readyEnvironment(server.postgres), ...ON_APP, '--json');
  const { findings, ...rest } = JSON.parse(out) as { findings: unknown[] };
  expect(rest).toEqual({
    ready: true,
    server: {
      kind: 'cluster',
      identifier: 'shop',
      engine: 'Aurora PostgreSQL 16.4',
      region: 'us-east-1',
      account: '111122223333',
    },
    sql: { method: 'direct', databases: ['app'] },
    volume: {
      presentBytesPerDay: 0,
      ingestedBytesPerDay: { low: 0, likely: 0, high: 0 },
      isLogged: true,
      pricePerGb: 0.5,
      usdPerMonth: { low: 0, likely: 0, high: 0 },
      caveats: [NO_STATEMENTS],
    },
  });
  expect(findings[0]).toEqual({
    topic: 'server',
    subject: 'shop',
    status: 'ready',
    message: 'Aurora PostgreSQL 16.4 is supported.',
  });
});

test('without --database every database of the server is inspected', async () => {
  const { out } = await runPlan(
    readyEnvironment(server.postgres),
    '--cluster',
    'shop',
    '--secret',
    SECRET,
    '--json',
  );
  expect((JSON.parse(out) as { sql: object }).sql).toEqual({
    method: 'direct',
    databases: ['app', 'postgres'],
  });
});

test('a login that the server refuses prevents the deployment, and no password is printed', async () => {
  const environment = readyEnvironment(server.postgres);
  environment.readSecret = async () => JSON.stringify({ username: 'master', password: 'wrong-password' });
  const { status, out, error } = await runPlan(environment, ...ON_APP);
  expect(status).toBe(1);
  expect(out).toMatch(
    /^PREVENTS {2}shop {2}sql {14}Connecting to database "app" at localhost:\d+ as "master" failed: .*28P01/m,
  );
  expect(out + error).not.toContain('wrong-password');
});

test('a server that cannot be reached is said, with the other ways', async () => {
  const environment = readyEnvironment(server.postgres);
  environment.hidden = 'localhost:5432 is not reachable from here (ETIMEDOUT)';
  expect(await findingsOf(environment, 'sql', ...ON_APP)).toEqual([
    'warning: The databases were not inspected: localhost:5432 is not reachable from here (ETIMEDOUT). Next: Run plan from a network that reaches the server, or run the script of plan --sql and give its output by --sql-result.',
  ]);
  expect(await findingsOf(environment, 'sql', '--cluster', 'shop')).toEqual([
    `warning: The databases were not inspected, because there is no login: schemas, owners and the volume of the log are not known. Next: Give --secret ${SECRET}, or PGUSER and PGPASSWORD or --password-file; or run the script of plan --sql and give --sql-result.`,
  ]);
});
