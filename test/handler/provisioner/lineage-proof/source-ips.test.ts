import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { LineageProofProperties } from '../../../../lib/private/wire/resources';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { succeed, withServer } from '../../../support/with-server';
import { serverProperties, useRealSqlRunner } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const CONNECTION = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:connection-AbCdEf';
const GROUP = '/aws/rds/cluster/shop/postgresql';
const SERVER = { kind: 'cluster', identifier: 'shop' } as const;

const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<LineageProofProperties>;

beforeAll(async () => {
  await server.freshDatabase('app');
  await succeed(requestsTo(server.postgres).apply());
});
beforeEach(async () => {
  environment = await TestEnvironment.start();
  useRealSqlRunner(environment);
  environment.rds.describe(SERVER);
  environment.logs.add(GROUP);
  environment.statementLog.lines = () => server.postgres.log();
  const options = {
    host: server.postgres.host,
    user: 'datafold',
    password: environment.secret(PASSWORD),
    dbname: 'app',
    aws_access_key_id: 'AKIAEXAMPLE1',
    aws_secret_access_key: environment.secret('wJalrXUtnFEMI/K7MDENG'),
    aws_region: 'eu-west-1',
    aws_cloudwatch_log_group: GROUP,
  };
  const value = { type: 'postgres_aurora', name: 'shop/app', temp_schema: 'datafold_tmp', options };
  environment.secrets.add(CONNECTION, JSON.stringify(value));
  resource = new StackResource(environment, 'Custom::DatafoldLineageProof');
});
afterEach(async () => environment.stop());

describe('a key that works only from some addresses', () => {
  const limited = (): LineageProofProperties => ({
    sqlRunner: 'runner',
    server: serverProperties(server.postgres),
    dataSourceSecretArn: CONNECTION,
    statementLog: { ...SERVER, logGroupName: GROUP },
    keyHasSourceIps: 'true',
  });

  test('is denied to the function, so the provisioner reads the log itself and reports that', async () => {
    environment.faults.fail('logs:FilterLogEvents', 'AccessDenied', 'with an explicit deny', 1);
    expect(await resource.create(limited())).toMatchObject({
      Status: 'SUCCESS',
      Data: {
        Notice:
          'The statement was found with the permissions of the provisioner: the access key works only from its `sourceIps`, so the test does not show that the key works there.',
      },
    });
    expect(environment.statementLog.queries.map(({ key }) => key?.accessKeyId)).toEqual([
      'AKIAEXAMPLE1',
      undefined,
    ]);
  });

  test('is used if it works for the function', async () => {
    expect(await resource.create(limited())).toMatchObject({ Status: 'SUCCESS', Data: { Notice: '' } });
  });

  test('fails the proof if AWS rejects it', async () => {
    environment.faults.fail('logs:FilterLogEvents', 'UnrecognizedClient');
    expect((await resource.create(limited())).Reason).toMatch(
      /^Datafold would derive no lineage for shop\/app: key not allowed\. AWS does not accept the access key AKIAEXAMPLE1 /,
    );
  });

  test('fails if the provisioner may not read the log either', async () => {
    environment.faults.fail(
      'logs:FilterLogEvents',
      'AccessDenied',
      'because a service control policy denies it',
    );
    expect((await resource.create(limited())).Reason).toBe(
      `logs:FilterLogEvents on ${GROUP} failed with AccessDenied: because a service control policy denies it. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
    );
  });

  test('finds no line: other lines are searched in the same way', async () => {
    environment.statementLog.lines = () => 'another line';
    const page = environment.statementLog.page.bind(environment.statementLog);
    jest.spyOn(environment.statementLog, 'page').mockImplementation(async (query) => {
      if (query.key) throw new AwsFailure('logs:FilterLogEvents', GROUP, 'AccessDenied');
      return page(query);
    });
    expect((await resource.create(limited())).Reason).toMatch(
      /^Datafold would derive no lineage for shop\/app: wrong group\. Lines arrive in /,
    );
  });
});
