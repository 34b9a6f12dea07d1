import { ADMIN_SECRET, PASSWORD_SECRET, PROPERTIES, setUpAccess, UNREACHABLE } from '../support/access';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const [FORMER, NEW] = ['/aws/rds/cluster/shop/postgresql', '/aws/rds/cluster/other/postgresql'];

let environment: TestEnvironment;
beforeEach(async () => (environment = await TestEnvironment.start()));
afterEach(async () => environment.stop());

const rollingBack = () => (environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS');

test('a rollback reverts a failed move although the previous server can no longer be reached', async () => {
  const { server, resource, adminPassword } = setUpAccess(environment);
  const other = environment.postgres.add('other', adminPassword);
  other.failHalfway = { message: 'The disk is full (53100).', code: '53100', retryable: false };
  await resource.create(PROPERTIES);
  server.trouble = UNREACHABLE;

  await resource.update({ ...PROPERTIES, server: { ...PROPERTIES.server, host: 'other' } });

  expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
  expect(resource.answers.at(-1)!.PhysicalResourceId).toBe(resource.physicalId);
  expect(other.roles.size).toBe(0);
  expect(server.roles.size).toBe(1);
});

test('writes no data source with an unknown server address', async () => {
  setUpAccess(environment);
  const { host: _, ...server } = PROPERTIES.server;
  const access = new StackResource<object>(environment, 'Custom::DatafoldDatabaseAccess', 'Access');
  environment.rds.addServer(CLUSTER, { host: PROPERTIES.server.host, port: 5432 });
  const properties = { ...PROPERTIES, server: { ...server, lookup: CLUSTER } };
  await access.create(properties);
  const created = access.answers[0].Data!;
  environment.faults.fail('rds:DescribeDBClusters', 'AccessDenied');

  await access.update({ ...properties, tempSchema: 'scratch' });

  const back = access.answers.at(-1)!;
  expect(back).toMatchObject({ Status: 'SUCCESS', Data: { Host: 'unknown', Port: '5432' } });
  expect(Object.keys(back.Data!).sort()).toEqual(Object.keys(created).sort());
  const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:source-AbCdEf';
  environment.secrets.add(secret, 'as before');
  const source = new StackResource<object>(environment, 'Custom::DatafoldDataSource', 'Source');
  const answer = await source.create({
    secretArn: secret,
    passwordSecretArn: PASSWORD_SECRET,
    type: 'pg',
    name: 'shop/app',
    tempSchema: 'datafold_tmp',
    host: back.Data!.Host,
    port: '5432',
    user: 'datafold',
    databaseName: 'app',
    sslMode: 'require',
  });
  expect(answer.Reason).toBe(
    'The address of the server is unknown, because RDS could not be read during the rollback of an update. Deploy with another `revision`.',
  );
  expect(environment.secrets.textOf(secret)).toBe('as before');
});

test('a log group that a rollback could not read is restored on Delete', async () => {
  environment.logs.add(FORMER, { retentionInDays: 7 });
  environment.logs.add(NEW, { retentionInDays: 3 });
  const group = new StackResource<object>(environment, 'Custom::DatafoldLogGroup', 'LogGroup');
  const properties = { logGroupName: FORMER, logRetention: '30' };
  const moved = { logGroupName: NEW, logRetention: '30' };
  await group.create(properties);
  const { PhysicalResourceId: id } = await group.updateTo(moved, properties, group.physicalId!);
  rollingBack();
  environment.faults.fail('logs:DescribeLogGroups', 'AccessDenied');

  const back = `datafold-log-group:${FORMER}?unknown`;
  expect(await group.updateTo(properties, moved, id)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: back,
    Data: { LogGroupName: FORMER, Notice: expect.stringMatching(/^The rollback could not restore/) },
  });
  environment.faults.heal();
  environment.stacks.current = 'UPDATE_IN_PROGRESS';
  const changed = { ...properties, logRetention: '90' };
  expect(await group.updateTo(changed, properties, back)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: back,
  });
  expect(environment.logs.groupOf(FORMER)).toEqual({ retentionInDays: 90 });
  await group.delete(back, changed);
  expect(environment.logs.groupOf(FORMER)).toEqual({ retentionInDays: 7 });
});

test('a missing secret fails the update if the status of the stack can not be read', async () => {
  const { resource } = setUpAccess(environment);
  await resource.create(PROPERTIES);
  environment.secrets.scheduleDeletion(ADMIN_SECRET);
  environment.faults.fail('cloudformation:DescribeStacks', 'AccessDenied');
  environment.faults.fail('cloudformation:DescribeStackEvents', 'AccessDenied');
  await resource.update({ ...PROPERTIES, tempSchema: 'scratch' });
  expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'FAILED']);
});
