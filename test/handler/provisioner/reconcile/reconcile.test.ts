import { ownerKey } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import { HOST, PROPERTIES, setUpAccess, UNREACHABLE, type AccessSetUp } from '../support/access';
import { STACK_ID } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';
import { reconcileTask } from '../support/reconcile';

const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const LOGGED = { ...PROPERTIES, statementLog: { ...CLUSTER, logGroupName: LOG_GROUP } };
const TASK = reconcileTask({
  properties: LOGGED,
  repair: 'false',
});

let environment: TestEnvironment;
let server: AccessSetUp['server'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  const made = setUpAccess(environment);
  server = made.server;
  environment.rds.describe(CLUSTER);
  environment.logs.add(LOG_GROUP);
  await made.resource.create(LOGGED);
  environment.lines.length = 0;
  environment.functions.requests.length = 0;
});
afterEach(async () => environment.stop());

const operations = () => environment.functions.requests.map(({ operation }) => operation);
const findings = () =>
  environment.log
    .filter(({ message }) => message === 'finding')
    .map(({ kind, databaseName, finding, next }) => ({ kind, databaseName, finding, next }));
const metrics = () => environment.log.filter((line) => 'ReconcileDuration' in line && '_aws' in line);

test('a server in its deployed state has no findings and zero for every metric', async () => {
  await environment.task(TASK);
  expect(operations()).toEqual(['plan', 'verify']);
  expect(findings()).toEqual([]);
  expect(metrics()).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'CdkDatafoldPostgres',
            Dimensions: [['Server', 'Role']],
            Metrics: [
              { Name: 'Unreadable', Unit: 'Count' },
              { Name: 'Failing', Unit: 'Count' },
              { Name: 'Filtered', Unit: 'Count' },
              { Name: 'Drift', Unit: 'Count' },
              { Name: 'VerificationFailed', Unit: 'Count' },
              { Name: 'ReconcileDuration', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Server: 'shop',
      Role: 'datafold',
      Unreadable: 0,
      Failing: 0,
      Filtered: 0,
      Drift: 0,
      VerificationFailed: 0,
      ReconcileDuration: expect.any(Number),
    },
  ]);
});

test('plans with the owner for which the custom resource created the role', async () => {
  await environment.task(TASK);
  expect(environment.functions.requests[0].owner).toEqual({
    key: ownerKey(STACK_ID, 'Access'),
    id: `datafold-access/${HOST}:5432/datafold`,
    stackName: 'shop',
  });
});

test('only reports drift by default', async () => {
  server.drift = ['GRANT SELECT ON TABLE "sales"."orders" TO "datafold"'];
  await environment.task(TASK);
  await environment.task(TASK);
  expect(operations()).toEqual(['plan', 'verify', 'plan', 'verify']);
  expect(findings()[0]).toEqual({
    kind: 'drift',
    databaseName: 'app',
    finding: 'Missing: GRANT SELECT ON TABLE "sales"."orders" TO "datafold"',
    next: 'Deploy with another `revision`, or let `reconcile` repair it.',
  });
  expect(metrics().map(({ Drift }) => Drift)).toEqual([1, 1]);
});

test('repairs drift if requested, and the next run finds none', async () => {
  server.drift = ['GRANT SELECT ON TABLE "sales"."orders" TO "datafold"'];
  await environment.task({ ...TASK, repair: 'true' });
  await environment.task({ ...TASK, repair: 'true' });
  expect(operations()).toEqual(['plan', 'apply', 'plan', 'verify', 'plan', 'verify']);
  expect(findings()).toEqual([
    {
      kind: 'drift',
      databaseName: 'app',
      finding: 'Missing: GRANT SELECT ON TABLE "sales"."orders" TO "datafold"',
      next: 'Repaired by this run.',
    },
  ]);
  expect(metrics().map(({ Drift }) => Drift)).toEqual([1, 0]);
});

describe('a repair of the databases', () => {
  const GRANTS = ['a', 'b'].map((table) => `GRANT SELECT ON TABLE "sales"."${table}" TO "datafold"`);
  const next = () => findings().map((one) => [one.kind, one.finding, one.next]);

  beforeEach(() => (server.drift = GRANTS));

  test.each(['plan', 'apply', 'second plan', 'verify'])(
    'is reported once, though its %s takes another invocation',
    async (slow) => {
      const order = ['plan', 'apply', 'second plan', 'verify'];
      const { functions } = environment;
      functions.next(...order.slice(0, order.indexOf(slow)).map(() => functions.work()), functions.hang());

      await environment.tasks({ ...TASK, repair: 'true' });

      expect(functions.sent).toHaveLength(1);
      expect(next()).toEqual(GRANTS.map((grant) => ['drift', `Missing: ${grant}`, 'Repaired by this run.']));
      expect(metrics()).toEqual([
        expect.objectContaining({ Drift: 2, ReconcileDuration: expect.any(Number) as number }),
      ]);
      expect(metrics()[0].ReconcileDuration).toBeGreaterThan(13 * 60_000);
    },
  );

  test('reports the statements that had no effect', async () => {
    const { postgres } = environment;
    const run = postgres.run.bind(postgres);
    jest.spyOn(postgres, 'run').mockImplementation((request) => {
      const response = run(request);
      if (request.operation === 'apply') server.drift = GRANTS.slice(1);
      return response;
    });
    await environment.tasks({ ...TASK, repair: 'true' });
    expect(next()).toEqual([
      ['drift', `Missing: ${GRANTS[0]}`, 'Repaired by this run.'],
      ['drift', `Missing: ${GRANTS[1]}`, 'Not repaired by this run: see the log of the function.'],
    ]);
  });

  test('that fails is reported with the missing statements', async () => {
    const refused = { message: 'Not now (42501).', code: '42501', retryable: false, connected: true };
    const { functions } = environment;
    functions.next(functions.work(), functions.answer(JSON.stringify({ ok: false, error: refused })));
    await environment.tasks({ ...TASK, repair: 'true' });
    const inVain = 'Not repaired by this run: see the log of the function.';
    expect(next()).toEqual([
      ...GRANTS.map((grant) => ['drift', `Missing: ${grant}`, inVain]),
      ['error', 'Not now (42501).', 'The next run tries again.'],
    ]);
    expect(metrics()).toEqual([expect.objectContaining({ Drift: 2, VerificationFailed: 1 })]);
  });

  test('passes no secret to the next invocation', async () => {
    server.drift = [`COMMENT ON ROLE "datafold" IS '${environment.secret('rôle-password-1')}'`];
    const { functions } = environment;
    functions.next(functions.work(), functions.hang());
    await environment.tasks({ ...TASK, repair: 'true' });
    expect(functions.sent[0].payload).toContain(`IS '***'`);
  });
});

test('a failed step is a finding and a metric', async () => {
  server.failedSteps = ['temp_schema'];
  environment.rds.describe(CLUSTER, { exports: [] });
  await environment.task(TASK);
  expect(findings().map(({ finding }) => finding)).toEqual([
    'temp_schema: temp_schema does not work.',
    'lineage_download: log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on.',
  ]);
  expect(metrics()[0].VerificationFailed).toBe(1);
});

test('relations that fail or are filtered are findings with two metrics, and no failure', async () => {
  server.found = {
    failing: [
      {
        relation: '"mart"."v"',
        reason: 'it reads "core"."t" as "analyst", which lacks SELECT',
        next: 'GRANT it;',
      },
    ],
    failingCount: 3,
    filtered: [{ relation: '"s"."t"', reason: 'policies decide', next: 'CREATE POLICY p;' }],
    filteredCount: 2,
    unproven: [
      { relation: '"s"."w"', reason: 'it calls function "s"."f"()', next: 'Test it: read it as "datafold".' },
    ],
    unprovenCount: 1,
    settings: [
      { setting: 'statement_timeout', value: '100 ms', effect: 'statements fail', statement: 'RESET it;' },
    ],
  };
  await environment.task(TASK);
  expect(findings().map(({ kind, finding, next }) => [kind, finding, next])).toEqual([
    [
      'failing',
      'Reading fails: "mart"."v": it reads "core"."t" as "analyst", which lacks SELECT.',
      'To end it: GRANT it;',
    ],
    ['filtered', 'Rows may be hidden: "s"."t": policies decide.', 'To end it: CREATE POLICY p;'],
    [
      'unproven',
      'Not known to be readable: "s"."w": it calls function "s"."f"().',
      'To end it: Test it: read it as "datafold".',
    ],
    ['setting', 'statement_timeout is 100 ms, so statements fail.', 'To end it: RESET it;'],
  ]);
  expect(metrics()[0]).toMatchObject({ Unreadable: 0, Failing: 3, Filtered: 2, VerificationFailed: 0 });
});

test('does not wait for pending changes', async () => {
  environment.rds.describe(CLUSTER, { exports: [], exportsPending: true });
  const from = environment.clock.now();
  await environment.task(TASK);
  expect(environment.clock.now()).toBe(from);
  expect(findings()).toHaveLength(1);
  expect(metrics()[0].VerificationFailed).toBe(0);
});

test('an unreachable server is a finding after the retry window, and the task does not fail', async () => {
  server.trouble = UNREACHABLE;
  await environment.task(TASK);
  expect(findings()).toEqual([
    {
      kind: 'error',
      databaseName: undefined,
      finding: `${UNREACHABLE.message} Retried for 5 minutes without success.`,
      next: 'The next run tries again.',
    },
  ]);
  expect(metrics()[0]).toMatchObject({ Drift: 0, VerificationFailed: 1 });
});

test('only verifies if a DBA runs the SQL', async () => {
  await environment.task({
    ...TASK,
    properties: { ...LOGGED, adminSecretArn: undefined, manageRole: 'false' },
    repair: 'true',
  });
  expect(operations()).toEqual(['verify']);
  expect(metrics()[0]).toMatchObject({ Drift: 0, VerificationFailed: 0 });
});

test('logs an invalid event', async () => {
  await environment.task({ datafoldTask: 'reconcile' });
  expect(environment.log.slice(0, -1).map(({ level, error }) => ({ level, error }))).toEqual([
    {
      level: 'WARN',
      error:
        'The properties of the custom resource are not valid: `stackId` is missing; `logicalResourceId` is missing; `serverName` is missing. Correct them in the template, then deploy again.',
    },
  ]);
  expect(environment.log.at(-1)).toMatchObject({ Task: 'reconcile', TaskFailed: 1 });
});
