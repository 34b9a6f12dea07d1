import type { LineageProofProperties } from '../../../../lib/private/wire/resources';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { succeed, withServer } from '../../../support/with-server';
import { serverProperties, useRealSqlRunner } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const CONNECTION = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:connection-AbCdEf';
const GROUP = '/aws/rds/cluster/shop/postgresql';
const SERVER = { kind: 'cluster', identifier: 'shop' } as const;
const MINUTE = 60_000;

const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<LineageProofProperties>;
let from: number;

beforeAll(async () => {
  await server.freshDatabase('app');
  await succeed(requestsTo(server.postgres).apply());
});
beforeEach(async () => {
  environment = await TestEnvironment.start();
  useRealSqlRunner(environment);
  environment.rds.describe(SERVER);
  environment.logs.add(GROUP);
  environment.statementLog.lines = (group) => (group === GROUP ? server.postgres.log() : undefined);
  putConnection();
  resource = new StackResource(environment, 'Custom::DatafoldLineageProof');
  from = environment.clock.now();
});
afterEach(async () => environment.stop());

function putConnection(options: object = {}): void {
  const value = {
    type: 'postgres_aurora',
    name: 'shop/app',
    temp_schema: 'datafold_tmp',
    options: {
      host: server.postgres.host,
      user: 'datafold',
      password: environment.secret(PASSWORD),
      dbname: 'app',
      aws_access_key_id: 'AKIAEXAMPLE1',
      aws_secret_access_key: environment.secret('wJalrXUtnFEMI/K7MDENG'),
      aws_region: 'eu-west-1',
      aws_cloudwatch_log_group: GROUP,
      ...options,
    },
  };
  environment.secrets.add(CONNECTION, JSON.stringify(value));
}

const properties = (): LineageProofProperties => ({
  sqlRunner: 'runner',
  server: serverProperties(server.postgres),
  dataSourceSecretArn: CONNECTION,
  statementLog: { ...SERVER, logGroupName: GROUP },
});
const reason = async () => (await resource.create(properties())).Reason;
const elapsed = () => environment.clock.now() - from;

test('finds its statement with the key, the region and the log group that Datafold gets', async () => {
  const answer = await resource.create(properties());
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ArrivedAfterSeconds: '0', Notice: '' } });
  expect(answer.PhysicalResourceId).toBe('datafold-lineage-proof/us-east-1/connection-AbCdEf');
  expect(environment.statementLog.queries).toEqual([
    {
      key: { accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' },
      region: 'eu-west-1',
      logGroupName: GROUP,
      since: from - 2 * MINUTE,
      text: expect.stringMatching(/^lineage_proof_[0-9a-f]{16}$/),
    },
  ]);
  expect(server.postgres.log()).toContain(
    `CREATE TABLE "datafold_tmp"."${environment.statementLog.queries[0]!.text}"`,
  );
  expect(await server.sql("SELECT relname FROM pg_class WHERE relname ~ 'lineage_proof'", 'app')).toEqual([]);
});

test('waits for a line that arrives late', async () => {
  environment.statementLog.lines = () => (elapsed() < 3 * MINUTE ? '' : server.postgres.log());
  const { Status, Data } = await resource.create(properties());
  expect({ Status, isLate: Number(Data?.ArrivedAfterSeconds) >= 180 }).toEqual({
    Status: 'SUCCESS',
    isLate: true,
  });
});

test('responds before the function times out', async () => {
  environment.timeout = 2 * MINUTE;
  environment.statementLog.lines = () => '';
  expect(await reason()).toMatch(/^Datafold would derive no lineage for shop\/app: not exported\. /);
  expect(elapsed()).toBeLessThan(2 * MINUTE);
});

test.each(['UnrecognizedClient', 'InvalidClientTokenId', 'AccessDenied'])(
  'a new key that is not known yet (%s) is waited for',
  async (code) => {
    environment.faults.fail('logs:FilterLogEvents', code, undefined, 5);
    expect((await resource.create(properties())).Status).toBe('SUCCESS');
    expect(elapsed()).toBeGreaterThan(10_000);
  },
);

test('key not allowed: fails without the permission to read the group', async () => {
  environment.faults.fail('logs:FilterLogEvents', 'AccessDenied');
  expect(await reason()).toBe(
    `Datafold would derive no lineage for shop/app: key not allowed. The access key AKIAEXAMPLE1 may not read ${GROUP} in eu-west-1 (logs:FilterLogEvents, AccessDenied). ` +
      'Give its user that permission on this log group by the `logAccess` of the CloudWatchLogsUser; check for a permissions boundary or a service control policy too. If the logs user is imported from another app and has `sourceIps`, import it with `hasSourceIps`.',
  );
  expect(elapsed()).toBeLessThan(3 * MINUTE);
});

test('key not allowed: fails for a deleted key', async () => {
  environment.faults.fail('logs:FilterLogEvents', 'UnrecognizedClient');
  expect(await reason()).toBe(
    'Datafold would derive no lineage for shop/app: key not allowed. AWS does not accept the access key AKIAEXAMPLE1 (UnrecognizedClient): it is deactivated or deleted, or its secret part has changed. Deploy the CloudWatchLogsUser with another `revision`.',
  );
});

test('not logged: fails at once with the value in effect for the role', async () => {
  await server.sql('ALTER ROLE datafold IN DATABASE app SET log_statement = none');
  const text = await reason();
  await server.sql('ALTER ROLE datafold IN DATABASE app RESET log_statement');
  expect(text).toMatch(
    /^Datafold would derive no lineage for shop\/app: not logged\. log_statement is none /,
  );
  expect(elapsed()).toBeLessThan(MINUTE);
});

test.each(['INFREQUENT_ACCESS', 'ESSENTIALS', 'DELIVERY'])(
  'wrong log class: a log group of the class %s is named at once, with what to do',
  async (logGroupClass) => {
    environment.logs.add(GROUP, { logGroupClass });
    expect(await reason()).toBe(
      `Datafold would derive no lineage for shop/app: wrong log class. log_statement is mod, but the log group ${GROUP} has the class ${logGroupClass}, in which Datafold finds nothing: FilterLogEvents works only in the class STANDARD. ` +
        `AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${GROUP} && aws logs create-log-group --log-group-name ${GROUP}. RDS continues to write there. Then deploy with another \`revision\`.`,
    );
    expect(elapsed()).toBeLessThan(MINUTE);
  },
);

test('a pending reboot leaves the proof pending, as it leaves the verification', async () => {
  await server.sql('ALTER ROLE datafold IN DATABASE app SET log_statement = none');
  environment.rds.describe(SERVER, {
    members: [{ identifier: 'shop-1', isWriter: true, groupStatus: 'pending-reboot' }],
  });
  const answer = await resource.create(properties());
  await server.sql('ALTER ROLE datafold IN DATABASE app RESET log_statement');
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    Data: {
      ArrivedAfterSeconds: '',
      Notice:
        'pending: log_statement is none: the parameter group of cluster shop is in effect after a reboot of shop-1. Reboot at a quiet time.',
    },
  });
  // As the construct does after the reboot of the instances.
  environment.rds.describe(SERVER);
  expect((await resource.update({ ...properties(), pendingReboot: '' })).Data).toMatchObject({ Notice: '' });
});

test('not exported: fails at once if RDS reports no export', async () => {
  environment.rds.describe(SERVER, { exports: [] });
  expect(await reason()).toBe(
    'Datafold would derive no lineage for shop/app: not exported. log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on.',
  );
  expect(elapsed()).toBeLessThan(MINUTE);
});

test('not exported: fails if RDS reports an export but no line arrives', async () => {
  environment.statementLog.lines = () => '';
  expect(await reason()).toBe(
    `Datafold would derive no lineage for shop/app: not exported. RDS reports that the log is exported, but no line arrived within 5 minutes in ${GROUP} in eu-west-1. ` +
      "Check the server's log and the events of RDS, turn the export off and on, then deploy again.",
  );
  expect(Math.floor(elapsed() / MINUTE)).toBe(5);
});

test('wrong group: fails if the log group does not exist', async () => {
  putConnection({ aws_cloudwatch_log_group: '/aws/rds/cluster/shpo/postgresql' });
  expect(await reason()).toBe(
    'Datafold would derive no lineage for shop/app: wrong group. There is no log group /aws/rds/cluster/shpo/postgresql in eu-west-1. ' +
      "The identifier of the server or the region is wrong, or RDS has not exported a line yet: check the server's log in the RDS console, then deploy again.",
  );
});

test('wrong group: fails for the log of another server', async () => {
  environment.statementLog.lines = () => '2026-01-01 00:00:00 UTC::@:[1]:LOG:  checkpoint starting: time';
  expect(await reason()).toMatch(
    /^Datafold would derive no lineage for shop\/app: wrong group\. Lines arrive in \/aws\/rds\/cluster\/shop\/postgresql in eu-west-1, but not the statement that was just run \(lineage_proof_[0-9a-f]{16}\)\. The log group or the host belongs to another server: compare both in the RDS console\.$/,
  );
});

test('runs the statement again for an export that starts late', async () => {
  const before = server.postgres.log().length;
  environment.rds.describe(SERVER, { exports: [], exportsPending: true });
  environment.statementLog.lines = () => {
    if (elapsed() < MINUTE) return undefined;
    environment.rds.describe(SERVER);
    return server.postgres.log().slice(before).split('AS SELECT 1 AS proof').slice(1).join('');
  };
  expect((await resource.create(properties())).Status).toBe('SUCCESS');
  expect(elapsed()).toBeLessThan(2 * MINUTE);
});

describe('a log with hundreds of pages', () => {
  const tokens = () => environment.statementLog.queries.map(({ nextToken }) => nextToken);

  test('is read to its end, and each search continues where the previous one stopped', async () => {
    environment.statementLog.before = { pages: 400, milliseconds: 900 };
    const answer = await resource.create(properties());
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ArrivedAfterSeconds: '360' } });
    expect(tokens()).toEqual([undefined, ...Array.from({ length: 400 }, (_, page) => String(page + 1))]);
  });

  test('is read again from the start, for lines behind the current position', async () => {
    environment.statementLog.before = { pages: 2, milliseconds: 100 };
    environment.statementLog.lines = () => (tokens().length <= 3 ? '' : server.postgres.log());
    expect((await resource.create(properties())).Status).toBe('SUCCESS');
    expect(tokens()).toEqual([undefined, '1', '2', undefined, '1', '2']);
    expect(environment.statementLog.queries.filter(({ since }) => since !== from - 2 * MINUTE)).toEqual([]);
  });

  test('is read on after a page for which CloudWatch was too busy', async () => {
    environment.statementLog.before = { pages: 2, milliseconds: 100 };
    environment.statementLog.lines = (group) => {
      if (tokens().length === 1) environment.faults.fail('logs:FilterLogEvents', 'Throttling', undefined, 1);
      return group === GROUP ? server.postgres.log() : undefined;
    };
    expect((await resource.create(properties())).Status).toBe('SUCCESS');
    expect(tokens()).toEqual([undefined, '1', '1', '2']);
  });

  test('that is not read to its end fails without a cause', async () => {
    environment.statementLog.before = { pages: Infinity, milliseconds: 900 };
    expect(await reason()).toMatch(
      /^It is not proved that Datafold can derive lineage for shop\/app: \/aws\/rds\/cluster\/shop\/postgresql in eu-west-1 could not be read to its end in 10 minutes, because of its size or because CloudWatch is busy, and the part that was read does not have the statement that was just run \(lineage_proof_[0-9a-f]{16}\)\. Deploy again when fewer statements are logged, or without `proveLineage`\.$/,
    );
    expect(Math.floor(elapsed() / MINUTE)).toBe(10);
  });
});

test('fails for a data source without an access key', async () => {
  putConnection({ aws_access_key_id: undefined });
  expect(await reason()).toBe(
    `The secret ${CONNECTION} has no \`options.aws_access_key_id\`, so Datafold can't read the statement log with it. Give the data source a logsUser, then deploy again.`,
  );
});

test('a failed proof fails an update, and its rollback reports it', async () => {
  await resource.create(properties());
  environment.rds.describe(SERVER, { exports: [] });
  const { Status, Reason } = await resource.update({ ...properties(), sqlRunner: 'other' });
  const why =
    'Datafold would derive no lineage for shop/app: not exported. log_statement is mod, but the cluster shop does not export its log postgresql to CloudWatch. Turn the export on.';
  expect({ Status, Reason }).toEqual({ Status: 'FAILED', Reason: why });
  const Data = { ArrivedAfterSeconds: '', Notice: why };
  const PhysicalResourceId = resource.physicalId;
  expect(resource.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data });
});

test('a changed password does not fail a rollback', async () => {
  await resource.create(properties());
  putConnection({ password: environment.secret('not-the-password') });
  expect((await resource.update({ ...properties(), sqlRunner: 'other' })).Reason).toMatch(/\(28P01\)/);
  const { Status, Data } = resource.answers.at(-1)!;
  expect([Status, Data!.Notice]).toEqual(['SUCCESS', expect.stringMatching(/\(28P01\)/)]);
});

test('a removal does nothing', async () => {
  await resource.create(properties());
  const calls = environment.faults.calls.length;
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(environment.faults.calls).toHaveLength(calls);
});
