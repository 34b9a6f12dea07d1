import {
  ADMIN_SECRET,
  HOST,
  PROPERTIES,
  RUNNER,
  setAdminSecret,
  setUpAccess,
  UNREACHABLE,
  type AccessSetUp,
} from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold`;
const MADE_UP = 'shop-Access-1A2B3C4D5E6F';

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource } = setUpAccess(environment));
  await resource.create(PROPERTIES);
});

afterEach(async () => {
  await environment.stop();
});

const roles = () => [...server.roles.keys()];
const said = () => environment.log.map(({ message }) => message);

test('removes the role, and returns the physical id of the request', async () => {
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  expect(environment.functions.requests.at(-1)).toMatchObject({
    operation: 'remove',
    owner: { id: ID, stackName: 'shop' },
  });
  expect(roles()).toEqual([]);
});

test('a repeated Delete succeeds', async () => {
  await resource.remove();
  expect((await resource.remove()).Status).toBe('SUCCESS');
});

test('a long removal continues in another invocation and responds when it is finished', async () => {
  environment.functions.next(environment.functions.hang());
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(environment.functions.sent).toHaveLength(1);
  expect(roles()).toEqual([]);
});

test('the removal after a failed Create responds when it is finished, however long that takes', async () => {
  environment.functions.next(environment.functions.hang());
  expect((await resource.delete(MADE_UP, PROPERTIES)).Status).toBe('SUCCESS');
  expect(environment.functions.sent).toHaveLength(1);
  expect(roles()).toEqual([]);
});

test('keeps everything with RemovalPolicy.RETAIN', async () => {
  const before = environment.faults.calls.length;
  const answer = await resource.delete(ID, { ...PROPERTIES, removalPolicy: 'retain' });
  expect(answer.Status).toBe('SUCCESS');
  expect(environment.faults.calls).toHaveLength(before);
  expect(roles()).toEqual(['datafold']);
});

test('a failed Create is reverted whatever the removal policy', async () => {
  await resource.delete(MADE_UP, { ...PROPERTIES, removalPolicy: 'retain' });
  expect(roles()).toEqual([]);
});

test('a Delete with an id that CloudFormation generated removes what the interrupted Create created', async () => {
  const answer = await resource.delete(MADE_UP, PROPERTIES);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: MADE_UP });
  expect(roles()).toEqual([]);
});

const LEFT = `The role "datafold" on ${HOST}:5432 may still exist. Fix the cause, then delete again. To delete without the server, remove the role by hand (as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold"), then delete the stack once more with --retain-resources and the logical id of this resource.`;

describe('the server does not exist', () => {
  test('its name is unknown', async () => {
    environment.postgres.drop(HOST);
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(said()).toContain('nothing to remove: the host of the server does not exist');
  });

  test('its name is unknown in the VPC, although RDS returned it', async () => {
    const lookup = { kind: 'cluster' as const, identifier: 'shop' };
    environment.rds.addServer(lookup, { host: HOST, port: 5432 });
    environment.postgres.drop(HOST);
    const found = { ...PROPERTIES, server: { lookup, port: '5432', tls: 'verify-full' as const } };
    const answer = await resource.delete(ID, found);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain('ENOTFOUND');
  });

  test('one failed DNS lookup is not enough', async () => {
    environment.postgres.drop(HOST);
    void environment.clock.sleep(1_000).then(() => {
      environment.postgres
        .add(HOST, server.adminPassword)
        .roles.set('datafold', server.roles.get('datafold')!);
    });
    await resource.remove();
    expect(
      environment.functions.requests.filter(({ operation }) => operation === 'remove').length,
    ).toBeGreaterThan(1);
    expect(said()).not.toContain('nothing to remove: the host of the server does not exist');
  });

  test('an unknown name of the Lambda endpoint does not concern the server', async () => {
    environment.faults.fail('lambda:InvokeFunction', 'ENOTFOUND');
    expect(await resource.remove()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: ID,
      Reason: `lambda:InvokeFunction on ${RUNNER} failed with ENOTFOUND. Deploy again; if the failure persists, find the code in the AWS documentation. Retried for 5 minutes without success. ${LEFT}`,
    });
    expect(roles()).toEqual(['datafold']);
  });

  test('waits while the name of the Lambda endpoint is unknown', async () => {
    environment.faults.fail('lambda:InvokeFunction', 'ENOTFOUND', undefined, 5);
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  });

  test.each([
    ['is gone', () => environment.secrets.drop(ADMIN_SECRET)],
    ['is scheduled for deletion', () => environment.secrets.scheduleDeletion(ADMIN_SECRET)],
  ])('and so its admin secret %s', async (_, breakIt) => {
    breakIt();
    environment.postgres.drop(HOST);
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(said()).toContain('nothing to remove: the host of the server does not exist');
  });

  test('RDS has no such server', async () => {
    const lookup = { kind: 'cluster' as const, identifier: 'shop' };
    const imported = { ...PROPERTIES, server: { lookup, port: '5432', tls: 'verify-full' as const } };
    const answer = await resource.delete('datafold-access/cluster:shop/datafold', imported);
    expect(answer.Status).toBe('SUCCESS');
    expect(said()).toContain('nothing to remove: the cluster shop does not exist');
  });
});

describe('the role can not be inspected', () => {
  const left = (missing: string) =>
    `The role "datafold" on ${HOST}:5432 may still exist: ${missing} no longer exists, so the role can't be inspected. If the role exists, remove it by hand: as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold".`;

  test.each<[string, () => void, string]>([
    [
      'the admin secret is gone',
      () => environment.secrets.drop(ADMIN_SECRET),
      `the administrator's secret ${ADMIN_SECRET}`,
    ],
    [
      'the admin secret is scheduled for deletion',
      () => environment.secrets.scheduleDeletion(ADMIN_SECRET),
      `the administrator's secret ${ADMIN_SECRET}`,
    ],
    ['the sql-runner is gone', () => environment.functions.drop(RUNNER), `the sql-runner ${RUNNER}`],
  ])('%s: that is a failure, unless the stack is being deleted', async (_, breakIt, missing) => {
    breakIt();
    expect(await resource.remove()).toMatchObject({ Status: 'FAILED', Reason: left(missing) });
    environment.stacks.current = 'DELETE_IN_PROGRESS';
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(environment.log).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: 'not removed, but the stack is being deleted',
        error: left(missing),
      }),
    );
  });
});

describe('the server exists but can not be reached', () => {
  test('that is a failure, after some minutes', async () => {
    server.trouble = UNREACHABLE;
    const start = environment.clock.now();
    expect(await resource.remove()).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: ID,
      Reason: `PostgreSQL on ${HOST}:5432 can't be reached (ETIMEDOUT). Check the security groups. Retried for 5 minutes without success. ${LEFT}`,
    });
    expect(environment.clock.now() - start).toBeLessThan(330_000);
  });

  test('a wrong password is a failure', async () => {
    setAdminSecret(environment, environment.secret('not the password'));
    expect((await resource.remove()).Reason).toBe(
      `Login as postgres on ${HOST} was refused (28P01). Check the admin secret. ${LEFT}`,
    );
  });

  test('a missing permission is a failure', async () => {
    environment.faults.fail('secretsmanager:GetSecretValue', 'AccessDenied', 'explicit deny');
    expect((await resource.remove()).Reason).toBe(
      `secretsmanager:GetSecretValue on ${ADMIN_SECRET} failed with AccessDenied: explicit deny. The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.`,
    );
  });

  test.each([
    ['can not be reached', () => (server.trouble = UNREACHABLE)],
    ['refuses the login', () => setAdminSecret(environment, environment.secret('not the password'))],
    ['has no admin secret', () => environment.secrets.drop(ADMIN_SECRET)],
    ['has no sql-runner', () => environment.functions.drop(RUNNER)],
    ['is gone', () => environment.postgres.drop(HOST)],
    [
      'has another certificate',
      () => (server.trouble = { message: 'TLS', code: 'CERT_HAS_EXPIRED', retryable: false }),
    ],
    ['has an admin secret without login', () => environment.secrets.add(ADMIN_SECRET, '{}')],
  ])('after a failed Create the removal succeeds: the server %s', async (_, breakIt) => {
    breakIt();
    const start = environment.clock.now();
    expect((await resource.delete(MADE_UP, PROPERTIES)).Status).toBe('SUCCESS');
    expect(environment.clock.now() - start).toBeLessThan(10_000);
  });

  test('after a failed Create, waits for a busy server', async () => {
    server.trouble = { message: 'The server is out of connections (53300).', code: '53300', retryable: true };
    void environment.clock.sleep(60_000).then(() => (server.trouble = undefined));
    expect((await resource.delete(MADE_UP, PROPERTIES)).Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  });

  test('after a failed Create, invokes a crashed sql-runner again', async () => {
    const { functions } = environment;
    functions.next(functions.crash('Runtime.ExitError', 'signal: killed'));
    expect((await resource.delete(MADE_UP, PROPERTIES)).Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  });

  test('after a failed Create, a removal that the server refuses fails', async () => {
    const refusal = {
      ok: false,
      error: { message: 'A view depends on datafold_tmp (2BP01).', retryable: false },
    };
    jest.spyOn(environment.postgres, 'run').mockReturnValue(refusal as never);
    expect(await resource.delete(MADE_UP, PROPERTIES)).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: MADE_UP,
      Reason: 'A view depends on datafold_tmp (2BP01).',
    });
  });
});
