import { Account } from '../statement-logging/account';
import { FAMILY, KINDS, properties } from '../statement-logging/decision-table';
import { PROPERTIES, setUpAccess } from '../support/access';
import { findingsIn, reconcileTask } from '../support/reconcile';

let account: Account;

beforeEach(async () => {
  account = await Account.open();
  await setUpAccess(account.environment).resource.create(PROPERTIES);
});
afterEach(async () => account.environment.stop());

const findings = () => findingsIn(account.environment);
const metrics = () => account.environment.log.filter((line) => 'ReconcileDuration' in line && '_aws' in line);
const operations = () => account.environment.functions.requests.map(({ operation }) => operation);

describe.each(KINDS)('%s', (kind) => {
  const task = reconcileTask({
    statementLogging: { logicalResourceId: 'Logging', properties: properties(kind) },
  });

  beforeEach(async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    account.environment.lines.length = 0;
    account.environment.functions.requests.length = 0;
  });

  test.each(['upgrading', 'modifying'])(
    'a server that is %s is not waited for: its databases are looked at',
    async (status) => {
      account.shop.status.base = status;
      const from = account.environment.clock.now();
      await account.environment.tasks(task);
      expect(findings()).toEqual([
        {
          kind: 'skipped',
          finding: `The ${kind} shop is ${status}: its statement logging was not inspected.`,
          next: 'The next run checks again.',
        },
      ]);
      expect(operations()).toEqual(['plan', 'verify']);
      expect(metrics()).toEqual([expect.objectContaining({ Drift: 0, VerificationFailed: 0 })]);
      expect(account.environment.clock.now() - from).toBeLessThan(60_000);
    },
  );

  test('a stopped server is an error', async () => {
    account.shop.status.base = 'stopped';
    await account.environment.tasks(task);
    expect(findings()).toEqual([
      {
        kind: 'error',
        finding: `The ${kind} shop is stopped: it accepts no changes until you intervene. Start it, then try again.`,
        next: 'The next run tries again.',
      },
    ]);
    expect(metrics()).toEqual([expect.objectContaining({ VerificationFailed: 1 })]);
  });

  test('another invocation finishes and reports a long repair', async () => {
    account.shop.group = account.rds.groups.get(kind, `default.${FAMILY[kind]}`);
    account.environment.timeout = 120_000;
    account.rds.durations = { ...account.rds.durations, lag: 0, modify: 300_000 };
    await account.environment.tasks(task);
    expect(account.environment.functions.sent).not.toEqual([]);
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    expect(findings()).toEqual([
      {
        kind: 'drift',
        finding: expect.stringMatching(
          new RegExp(
            `^The parameter group is default\\.${FAMILY[kind]} instead of datafold-stack-logging-1a2b3c4d-\\w{8}\\.$`,
          ),
        ) as string,
        next: 'Repaired by this run.',
      },
    ]);
    expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 0 })]);
  });

  test('a repair reboots nothing, even with RebootPolicy.IF_PENDING', async () => {
    account.shop.group = account.rds.groups.get(kind, `default.${FAMILY[kind]}`);
    const logging = {
      logicalResourceId: 'Logging',
      properties: properties(kind, { rebootPolicy: 'if-pending' }),
    };
    await account.environment.tasks({ ...task, statementLogging: logging });
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    expect(findings()).toHaveLength(1);
    expect(account.rds.calls).not.toContain('RebootDBInstance');
  });

  test('reports a repair although the databases need another invocation', async () => {
    account.shop.exports = [];
    slowPlan();
    await account.environment.tasks(task);
    expect(account.environment.functions.sent).toHaveLength(1);
    expect(findings()).toEqual([
      {
        kind: 'drift',
        finding: 'The log postgresql of shop is not exported to CloudWatch.',
        next: 'Repaired by this run.',
      },
    ]);
    expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 0 })]);
  });

  test('reports a failed repair with its drift, and inspects the databases', async () => {
    account.shop.exports = [];
    const modify = kind === 'cluster' ? 'ModifyDBCluster' : 'ModifyDBInstance';
    account.rds.forbidden.add(modify);
    await account.environment.tasks(task);
    expect(findings()).toEqual([
      {
        kind: 'drift',
        finding: 'The log postgresql of shop is not exported to CloudWatch.',
        next: 'Not repaired by this run: see the log of the function.',
      },
      {
        kind: 'error',
        finding: `rds:${modify} on ${kind} shop failed with AccessDenied: rds:${modify} is denied by a service control policy. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
        next: 'The next run tries again.',
      },
    ]);
    expect(operations()).toEqual(['plan', 'verify']);
    expect(metrics()).toEqual([expect.objectContaining({ Drift: 1, VerificationFailed: 1 })]);
  });
});

describe.each(KINDS)('%s with a managed log group', (kind) => {
  const NAME = `/aws/rds/${kind}/shop/postgresql`;
  const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
  const desired = properties(kind, {
    logRetention: '30',
    logEncryptionKey: KEY,
    maskedData: ['EmailAddress'],
  });
  const task = (repair: 'true' | 'false') =>
    reconcileTask({
      repair,
      statementLogging: { logicalResourceId: 'Logging', properties: desired },
    });
  const logs = () => account.environment.logs;
  const missing = `The log group ${NAME} was deleted and created again: it lacks its retention of 30 days, its key ${KEY} and its masking.`;

  beforeEach(async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    logs().add(NAME);
    await account.resource.create(desired);
    expect(logs().groupOf(NAME)).toMatchObject({ retentionInDays: 30, kmsKeyArn: KEY });
    account.environment.lines.length = 0;
  });

  test('has no finding in its deployed state', async () => {
    await account.environment.tasks(task('true'));
    expect(findings()).toEqual([]);
  });

  test('a log group that RDS created again is a finding, and is repaired if requested', async () => {
    logs().drop(NAME);
    logs().add(NAME);
    await account.environment.tasks(task('false'));
    expect(findings()).toEqual([
      {
        kind: 'drift',
        finding: missing,
        next: 'Deploy with another `revision`, or let `reconcile` repair it.',
      },
    ]);
    expect(logs().groupOf(NAME)).toEqual({});
    account.environment.lines.length = 0;
    await account.environment.tasks(task('true'));
    expect(findings()).toEqual([{ kind: 'drift', finding: missing, next: 'Repaired by this run.' }]);
    expect(logs().groupOf(NAME)).toMatchObject({ retentionInDays: 30, kmsKeyArn: KEY });
    expect(logs().groupOf(NAME)?.policy).toContain('EmailAddress');
    account.environment.lines.length = 0;
    await account.environment.tasks(task('true'));
    expect(findings()).toEqual([]);
    await account.resource.remove();
    expect([logs().groupOf(NAME), logs().tagsOf(NAME)]).toEqual([{}, {}]);
  });

  test('a deployment with another revision repairs the log group', async () => {
    logs().drop(NAME);
    logs().add(NAME);
    expect((await account.resource.update(desired)).Status).toBe('SUCCESS');
    expect(logs().groupOf(NAME)).toMatchObject({ retentionInDays: 30, kmsKeyArn: KEY });
    expect(logs().groupOf(NAME)?.policy).toContain('EmailAddress');
  });

  test('a repair creates a deleted log group', async () => {
    logs().drop(NAME);
    await account.environment.tasks(task('true'));
    expect(findings()).toEqual([
      {
        kind: 'drift',
        finding: `The log group ${NAME} no longer exists.`,
        next: 'Repaired by this run.',
      },
    ]);
    expect(logs().groupOf(NAME)).toMatchObject({ retentionInDays: 30, kmsKeyArn: KEY });
  });

  test('keeps a retention that was set since', async () => {
    await logs().setRetention(NAME, 7);
    await account.environment.tasks(task('true'));
    expect(findings()).toEqual([]);
    expect(logs().groupOf(NAME)).toMatchObject({ retentionInDays: 7 });
  });
});

/** The first inspection of the databases takes the rest of the invocation. */
function slowPlan(): void {
  const { functions } = account.environment;
  functions.next(functions.hang());
}
