import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, setUpAccess, type AccessSetUp } from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const LOGGED: DatabaseAccessProperties = {
  ...PROPERTIES,
  statementLog: { ...CLUSTER, logGroupName: LOG_GROUP },
  onNoLineage: 'fail',
};

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];
let password: string;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource, password } = setUpAccess(environment));
  environment.rds.describe(CLUSTER);
  environment.logs.add(LOG_GROUP);
});
afterEach(async () => environment.stop());

test('a complete deployment returns ok for each step', async () => {
  expect((await resource.create(LOGGED)).Data).toMatchObject({
    ConnectionStep: 'ok',
    TempSchemaStep: 'ok',
    SchemaDownloadStep: 'ok',
    LineageDownloadStep: 'ok',
  });
});

test('a failed deployment names what the role cannot read, with the statements that grant it', async () => {
  const statement = 'GRANT USAGE ON SCHEMA "audit" TO "datafold";';
  server.found = { unreadable: [{ relation: 'schema "audit" of "shop"', statement }], unreadableCount: 1 };
  server.failedSteps = ['schema_download'];
  expect((await resource.create(LOGGED)).Reason).toBe(
    'The test of database app failed at schema_download: schema_download does not work. ' +
      `Ask the administrator to run the statements, or leave these schemas and tables out of \`databases\`: schema "audit" of "shop" (${statement})`,
  );
});

describe('relations whose reading fails or may hide rows', () => {
  const NEXT = 'GRANT SELECT ON TABLE "core"."t" TO "analyst";';
  const FOUND = {
    failing: [
      { relation: '"mart"."v"', reason: 'it reads "core"."t" as "analyst", which lacks SELECT', next: NEXT },
    ],
    failingCount: 3,
    filtered: [{ relation: '"s"."t"', reason: 'policies decide', next: 'CREATE POLICY p;' }],
    filteredCount: 1,
    unproven: [
      { relation: '"s"."w"', reason: 'it calls function "s"."f"()', next: 'Test it: read it as "datafold".' },
    ],
    unprovenCount: 1,
    settings: [
      {
        setting: 'role',
        value: 'x',
        effect: 'sessions act as that role',
        statement: 'ALTER ROLE "datafold" RESET role;',
      },
    ],
  };

  test('are counted in attributes and named in notices, and do not fail', async () => {
    server.found = FOUND;
    const { Status, Data } = await resource.create(LOGGED);
    expect(Status).toBe('SUCCESS');
    expect(Data).toMatchObject({
      Relations: '9',
      Unreadable: '0',
      Failing: '3',
      Filtered: '1',
      SchemaDownloadStep: 'ok',
    });
    expect(
      environment.log
        .filter(({ message }) => message === 'notice of the sql-runner')
        .map(({ notice }) => notice),
    ).toEqual([
      `Role datafold, database app: reading fails for 3 relations that it should read: "mart"."v" (it reads "core"."t" as "analyst", which lacks SELECT; to end it: ${NEXT}); and 2 more.`,
      'Role datafold, database app: rows of 1 relations may be hidden by row-level security: "s"."t" (policies decide; to end it: CREATE POLICY p;). ' +
        'Or, by a superuser or a role with BYPASSRLS (the admin of RDS is neither), for tables: ALTER ROLE "datafold" BYPASSRLS;',
      'Role datafold, database app: whether 1 relations can be read is not known, as the verification does not try it: "s"."w" (it calls function "s"."f"(); to end it: Test it: read it as "datafold".).',
      'Role datafold, database app: role is x, so sessions act as that role. To end it: ALTER ROLE "datafold" RESET role;',
    ]);
  });

  test('fail a deployment only where that is requested, and the request to the sql-runner says so', async () => {
    server.found = FOUND;
    server.failedSteps = ['schema_download'];
    const answer = await resource.create({ ...LOGGED, onIncompleteRead: 'fail' });
    expect(answer.Reason).toBe(
      'The test of database app failed at schema_download: schema_download does not work.',
    );
    expect(environment.functions.requests[0].access.onIncompleteRead).toBe('fail');
  });

  test.each<[object, string]>([
    [{ onUnreadable: 'warn' }, 'SUCCESS'],
    [{ onUnreadable: 'warn', onIncompleteRead: 'fail' }, 'FAILED'],
    [{ onUnreadable: 'fail', onIncompleteRead: 'warn' }, 'FAILED'],
  ])('are one thing, and tables that stay unreadable another: %j', async (policies, Status) => {
    server.found = FOUND;
    server.failedSteps = ['schema_download'];
    expect(await resource.create({ ...LOGGED, ...policies })).toMatchObject({ Status });
  });
});

test.each(['connection', 'temp_schema', 'schema_download'])('%s fails the deployment', async (step) => {
  server.failedSteps = [step];
  expect(await resource.create(LOGGED)).toMatchObject({
    Status: 'FAILED',
    Reason: `The test of database app failed at ${step}: ${step} does not work.`,
  });
});

test('each is only reported where a warning is enough, and the request to the sql-runner says so too', async () => {
  server.failedSteps = ['temp_schema', 'schema_download'];
  const answer = await resource.create({ ...LOGGED, onFailedStep: 'warn' });
  expect(answer.Data).toMatchObject({
    ConnectionStep: 'ok',
    TempSchemaStep: 'failed: app: temp_schema does not work.',
    SchemaDownloadStep: 'failed: app: schema_download does not work.',
  });
  expect(environment.functions.requests[0].access.onFailedStep).toBe('warn');
});

test('a log group that Datafold can not read is no lineage', async () => {
  environment.logs.add(LOG_GROUP, { logGroupClass: 'INFREQUENT_ACCESS' });
  expect(await resource.create(LOGGED)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(
      /^The test of database app failed at lineage_download: log_statement is mod, but the log group \/aws\/rds\/cluster\/shop\/postgresql has the class INFREQUENT_ACCESS, in which Datafold finds nothing: .* Then deploy with another `revision`\.$/,
    ) as string,
  });
});

describe('a secret that the server quotes', () => {
  const quote = (text: string) => {
    const run = environment.postgres.run.bind(environment.postgres);
    jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
      const response = run(request);
      if (!response.ok || !('databases' in response.report)) return response;
      const databases = response.report.databases.map((database) => ({
        ...database,
        steps: [{ step: 'temp_schema' as const, ok: false, message: text }],
      }));
      return { ok: true, report: { ...response.report, databases } };
    });
  };

  test('is not in the attributes', async () => {
    quote(`no such thing as ${password}.`);
    const answer = await resource.create({ ...LOGGED, onFailedStep: 'warn' });
    expect(answer.Data!.TempSchemaStep).toBe('failed: app: no such thing as ***.');
  });

  test('is not in the attributes if the message is shortened', async () => {
    quote(`${'x'.repeat(375)}${password}`);
    const answer = await resource.create({ ...LOGGED, onFailedStep: 'warn' });
    expect(answer.Data!.TempSchemaStep).toBe(`failed: app: ${'x'.repeat(375)}***`);
  });

  test('is not in the reason of a failure, even if the reason is shortened', async () => {
    quote(`${'x'.repeat(945)}${password}`);
    const start = 'The test of database app failed at temp_schema: ';
    expect((await resource.create(LOGGED)).Reason).toBe(`${start}${'x'.repeat(945)}***`);
  });
});

describe('no lineage', () => {
  const reasonFor = async () => (await resource.create(LOGGED)).Reason;

  test('fails the deployment if the export is off', async () => {
    environment.rds.describe(CLUSTER, { exports: ['instance'] });
    expect(await reasonFor()).toBe(
      'The test of database app failed at lineage_download: log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on.',
    );
  });

  test('fails the deployment when something else sets the parameter', async () => {
    server.logStatement = 'none';
    expect(await reasonFor()).toBe(
      'The test of database app failed at lineage_download: log_statement is none for the role; column-level lineage needs mod or all. Likely the parameter group does not set it, or a group of the instance, the database or the role sets it otherwise (look in pg_db_role_setting and in the groups of cluster shop).',
    );
  });

  test('fails the deployment when RDS has no such server', async () => {
    environment.rds.drop(CLUSTER);
    expect(await reasonFor()).toBe(
      'The test of database app failed at lineage_download: log_statement is mod; RDS has no cluster shop in this account and region.',
    );
  });

  test('is only reported if the log is managed elsewhere', async () => {
    server.logStatement = 'none';
    const answer = await resource.create({ ...LOGGED, onNoLineage: 'warn' });
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Data!.LineageDownloadStep).toMatch(/^failed: app: log_statement is none for the role/);
  });

  test('is pending, and no failure, until a reboot', async () => {
    server.logStatement = 'none';
    const member = (identifier: string, groupStatus: string) => ({
      identifier,
      isWriter: false,
      groupStatus,
    });
    environment.rds.describe(CLUSTER, {
      members: [member('shop-1', 'pending-reboot'), member('shop-2', 'in-sync')],
    });
    expect((await resource.create(LOGGED)).Data!.LineageDownloadStep).toBe(
      'pending: app: log_statement is none: the parameter group of cluster shop is in effect after a reboot of shop-1. Reboot at a quiet time.',
    );
  });

  test('is reported once for all databases with the same message', async () => {
    environment.logs.drop(LOG_GROUP);
    const databases = [{ databaseName: 'app' }, { databaseName: 'dwh' }];
    expect((await resource.create({ ...LOGGED, databases })).Data!.LineageDownloadStep).toBe(
      `pending: app, dwh: log_statement is mod and the log is exported, but the log group ${LOG_GROUP} does not exist yet: RDS creates it with the first lines.`,
    );
  });

  test('waits while RDS is applying the parameter', async () => {
    server.logStatement = 'none';
    const applying = [{ identifier: 'shop-1', isWriter: true, groupStatus: 'applying' }];
    environment.rds.describe(CLUSTER, { members: applying });
    void environment.clock.sleep(25_000).then(() => {
      server.logStatement = 'mod';
      environment.rds.describe(CLUSTER);
    });
    const begun = environment.clock.now();
    expect((await resource.create(LOGGED)).Data!.LineageDownloadStep).toBe('ok');
    expect(environment.clock.now() - begun).toBeLessThanOrEqual(40_000);
  });

  test('is pending after a minute without a log group, which RDS creates with the first lines', async () => {
    environment.logs.drop(LOG_GROUP);
    const begun = environment.clock.now();
    expect((await resource.create(LOGGED)).Data!.LineageDownloadStep).toBe(
      `pending: app: log_statement is mod and the log is exported, but the log group ${LOG_GROUP} does not exist yet: RDS creates it with the first lines.`,
    );
    expect(environment.clock.now() - begun).toBeLessThanOrEqual(75_000);
  });

  test('is unknown without the permission to read RDS', async () => {
    environment.faults.denyFor(3_600_000, 'rds:DescribeDBClusters');
    const answer = await resource.create(LOGGED);
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Data!.LineageDownloadStep).toMatch(
      /^pending: app: log_statement is mod; whether the log is exported is not known: rds:DescribeDBClusters on cluster shop failed with AccessDenied/,
    );
  });
});
