import { ownerKey } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import { STACK_ID } from '../support/stack';
import {
  ADMIN_SECRET,
  HOST,
  PROPERTIES,
  setUpAccess,
  UNREACHABLE,
  type AccessSetUp,
} from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold`;

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];
let adminPassword: string;
let password: string;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource, adminPassword, password } = setUpAccess(environment));
});

afterEach(async () => {
  await environment.stop();
});

const roles = () => [...server.roles.keys()];
const requests = () => environment.functions.requests;

describe('create', () => {
  test('applies nothing on a read-only server', async () => {
    const shop = { kind: 'cluster', identifier: 'shop' } as const;
    const statementLog = { ...shop, logGroupName: '/aws/rds/cluster/shop/postgresql' };
    environment.rds.describe(shop, { unsupported: 'global-secondary' });
    const { Status, Reason } = await resource.create({ ...PROPERTIES, statementLog });
    expect([Status, Reason]).toEqual([
      'FAILED',
      'The cluster shop is a secondary cluster of an Aurora global database. It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from. Use the primary cluster, in a stack of its region; the secondary gets role and grants from it.',
    ]);
    expect(requests().map(({ operation }) => operation)).not.toContain('apply');
  });

  test('invokes the sql-runner with the request and the current secrets', async () => {
    await resource.create(PROPERTIES);

    expect(requests()).toEqual([
      {
        operation: 'apply',
        server: { host: HOST, port: 5432, tls: 'verify-full' },
        admin: { user: 'postgres', password: adminPassword, secret: ADMIN_SECRET },
        owner: { key: ownerKey(STACK_ID, 'Access'), id: ID, stackName: 'shop' },
        access: {
          roleName: 'datafold',
          tempSchema: 'datafold_tmp',
          databases: [{ databaseName: 'app' }],
          maintenanceDatabase: 'postgres',
          futureTables: true,
          adoptExisting: false,
          onUnreadable: 'fail',
        },
        password,
      },
    ]);
  });

  test('returns short attributes', async () => {
    server.notices = ['The schema was there before and is kept.'];
    const databases = [{ databaseName: 'app' }, { databaseName: 'dwh' }];
    const answer = await resource.create({ ...PROPERTIES, databases });

    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(answer.Data).toEqual({
      Host: HOST,
      Port: '5432',
      RoleName: 'datafold',
      Databases: '2',
      Relations: '24',
      Unreadable: '0',
      Failing: '0',
      Filtered: '0',
      LogStatement: 'mod',
      Notices: 'The schema was there before and is kept.',
      Steps:
        'app: connection ok, temp_schema ok, schema_download ok, lineage_download ok; dwh: connection ok, temp_schema ok, schema_download ok, lineage_download ok',
      ConnectionStep: 'ok',
      TempSchemaStep: 'ok',
      SchemaDownloadStep: 'ok',
      LineageDownloadStep: 'ok',
      Writable: '0',
    });
  });

  test('the attributes of a hundred databases fit into the response', async () => {
    const databases = Array.from({ length: 100 }, (_, i) => ({ databaseName: `database_${i}` }));
    server.notices = Array.from(
      { length: 100 },
      (_, i) => `Something about database_${i} that a person should know.`,
    );
    const answer = await resource.create({ ...PROPERTIES, databases });
    expect(answer.Data?.Databases).toBe('100');
    expect(Buffer.byteLength(environment.receiver.received[0]?.body ?? '')).toBeLessThan(4096);
  });

  test('removes a secret from a notice, but keeps an address that contains the same text', async () => {
    server.adminPassword = 'us-east-1';
    environment.secrets.add(ADMIN_SECRET, JSON.stringify({ username: 'postgres', password: 'us-east-1' }));
    server.notices = [`The password ${password} is odd.`];
    const answer = await resource.create(PROPERTIES);
    expect(answer.Data).toMatchObject({ Host: HOST, Notices: 'The password *** is odd.' });
  });

  test('continues until the sql-runner is finished', async () => {
    server.unfinished = 3;
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    const operations = requests().map(({ operation }) => operation);
    expect(operations).toEqual(['apply', 'apply', 'apply', 'apply', 'verify']);
  });

  test('waits for a paused server', async () => {
    server.trouble = UNREACHABLE;
    const start = environment.clock.now();
    void environment.clock.sleep(120_000).then(() => (server.trouble = undefined));

    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');

    expect(environment.clock.now() - start).toBeLessThan(150_000);
  });

  test('fails after five minutes for a server that does not respond', async () => {
    server.trouble = UNREACHABLE;
    const start = environment.clock.now();

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      `PostgreSQL on ${HOST}:5432 can't be reached (ETIMEDOUT). Check the security groups. Retried for 5 minutes without success.`,
    );
    expect(answer.PhysicalResourceId).toMatch(/^datafold-not-created\//);
    expect(environment.clock.now() - start).toBeGreaterThanOrEqual(300_000);
    expect(environment.clock.now() - start).toBeLessThan(330_000);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('a permanent failure fails at once and is reverted', async () => {
    server.failHalfway = {
      message: 'Schema sales in app (3F000) does not exist. Name another one.',
      retryable: false,
    };
    const start = environment.clock.now();

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe('Schema sales in app (3F000) does not exist. Name another one.');
    expect(roles()).toEqual([]);
    expect(requests().map(({ operation, owner }) => [operation, owner!.id])).toEqual([
      ['apply', ID],
      ['remove', ID],
      ['remove', ID],
    ]);
    expect(environment.clock.now()).toBe(start);
  });

  test('reports changes that could not be reverted, and the rollback reverts them', async () => {
    server.failHalfway = { message: 'Schema sales in app (3F000) does not exist.', retryable: false };
    const failing = {
      ok: false,
      error: { message: 'A view depends on datafold_tmp (2BP01).', retryable: false },
    };
    const run = environment.postgres.run.bind(environment.postgres);
    jest
      .spyOn(environment.postgres, 'run')
      .mockImplementationOnce(run)
      .mockReturnValueOnce(failing as never);

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      'Schema sales in app (3F000) does not exist. Reverting the changes failed too: A view depends on datafold_tmp (2BP01).',
    );
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  });

  test('the rollback reverts the changes on a server that was unreachable for a while', async () => {
    server.failHalfway = {
      message: 'The server ended the session (57P01).',
      code: '57P01',
      retryable: true,
      connected: true,
    };
    const run = environment.postgres.run.bind(environment.postgres);
    jest.spyOn(environment.postgres, 'run').mockImplementationOnce((request) => {
      const response = run(request);
      server.failHalfway = undefined;
      server.trouble = UNREACHABLE;
      const backAgain = 7 * 60_000;
      void environment.clock.sleep(backAgain).then(() => (server.trouble = undefined));
      return response;
    });

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      `PostgreSQL on ${HOST}:5432 can't be reached (ETIMEDOUT). Check the security groups. Retried for 5 minutes without success. The changes of the Create could not be reverted at once; the rollback tries again. If the rollback can't reach the server either, it continues. The role "datafold" on ${HOST}:5432 may then still exist; remove it by hand: as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold".`,
    );
    expect(answer.PhysicalResourceId).toBe(`${ID}#partial`);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  });

  test('neither adopts nor removes a role of somebody else', async () => {
    const owner = { ownerKey: '', ownerId: '', password: '' };
    server.roles.set('datafold', { ...owner, access: {} as never });

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe('The role datafold exists already and is not ours (42710). Name another one.');
    expect(roles()).toEqual(['datafold']);
  });

  test.each([
    ['connection', 'The test of database app failed at connection: connection does not work.'],
    ['temp_schema', 'The test of database app failed at temp_schema: temp_schema does not work.'],
    ['schema_download', 'The test of database app failed at schema_download: schema_download does not work.'],
  ])('fails for a role that Datafold can not use: %s', async (step, reason) => {
    server.failedSteps = [step];
    expect((await resource.create(PROPERTIES)).Reason).toBe(reason);
    expect(roles()).toEqual([]);
  });

  test('unreadable relations do not fail with FailurePolicy.WARN', async () => {
    server.failedSteps = ['schema_download', 'lineage_download'];
    const answer = await resource.create({ ...PROPERTIES, onUnreadable: 'warn' });
    expect(answer.Data?.Steps).toBe(
      'app: connection ok, temp_schema ok, schema_download failed, lineage_download failed',
    );
  });
});
