import {
  ADMIN_SECRET,
  HOST,
  PASSWORD_SECRET,
  PROPERTIES,
  RUNNER,
  setAdminSecret,
  setUpAccess,
  UNREACHABLE,
  type AccessSetUp,
} from '../support/access';
import { TestEnvironment } from '../support/test-environment';

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

const requests = () => environment.functions.requests;

const LOG =
  'Its log group has the details, but is deleted with its stack unless it is retained (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/removal.md, "The log of a removal").';

/** What a Create that could not undo its work says. */
const MAY_STAY =
  `Reverting the changes failed for the same reason. If the rollback can't reach the server either, it continues. The role "datafold" on ${HOST}:5432 may then still exist; ` +
  'remove it by hand: as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold".';

describe('the login of the administrator', () => {
  test('a wrong password fails within seconds and names the secret', async () => {
    setAdminSecret(environment, environment.secret('not the password'));
    const start = environment.clock.now();

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(`Login as postgres on ${HOST} was refused (28P01). Check the admin secret.`);
    expect(environment.clock.now() - start).toBeLessThan(10_000);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('reads a password again that RDS is rotating', async () => {
    const rotated = environment.secret('rotated password');
    server.adminPassword = rotated;
    void environment.clock.sleep(2_000).then(() => setAdminSecret(environment, rotated));
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('reads a password again that RDS rotated between two runs', async () => {
    server.unfinished = 1;
    const run = environment.postgres.run.bind(environment.postgres);
    jest.spyOn(environment.postgres, 'run').mockImplementationOnce((request) => {
      server.adminPassword = environment.secret('rotated password');
      setAdminSecret(environment, server.adminPassword);
      return run({
        ...request,
        admin: { user: 'postgres', password: server.adminPassword },
      } as typeof request);
    });
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('refuses a secret without a login', async () => {
    environment.secrets.add(ADMIN_SECRET, environment.secret('just-a-password'));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The administrator's secret ${ADMIN_SECRET} does not hold a JSON object with "username" and "password". Name the secret of the server's administrator, or complete it, then deploy again.`,
    );
    expect(requests()).toEqual([]);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('refuses a password secret without a value', async () => {
    environment.secrets.add(PASSWORD_SECRET, '');
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The secret ${PASSWORD_SECRET} is empty: it must hold the password of the role.`,
    );
  });
});

describe('the sql-runner', () => {
  test.each(['ResourceConflict', 'TooManyRequests', 'EC2Throttled', 'ENINotReady'])(
    '%s passes',
    async (code) => {
      environment.faults.fail('lambda:InvokeFunction', code, undefined, 4);
      expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    },
  );

  test('retries while a new policy has not propagated', async () => {
    environment.faults.denyFor(30_000, 'lambda:InvokeFunction');
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('names action and function if the permission stays missing', async () => {
    environment.faults.fail('lambda:InvokeFunction', 'AccessDenied', 'no identity-based policy allows it.');
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `lambda:InvokeFunction on ${RUNNER} failed with AccessDenied: no identity-based policy allows it. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
    );
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('retries a run that timed out', async () => {
    const { functions } = environment;
    functions.next(
      functions.crash('Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 600.00 seconds'),
    );
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('reports repeated timeouts with the timeout of the function', async () => {
    const { functions } = environment;
    const timeOut = functions.crash(
      'Sandbox.Timedout',
      'RequestId: 1 Error: Task timed out after 600.00 seconds',
    );
    functions.next(...Array.from({ length: 100 }, () => timeOut));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} did not end within its 600.00 seconds: the database hangs or a lock is held. ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test('reports how a terminated process ended', async () => {
    const { functions } = environment;
    const text = 'RequestId: 1 Error: Runtime exited with error: signal: killed';
    const killed = functions.crash('Runtime.ExitError', text);
    functions.next(...Array.from({ length: 100 }, () => killed));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} crashed with Runtime.ExitError (Runtime exited with error: signal: killed). ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test('reports a crash without its text', async () => {
    const { functions } = environment;
    const crash = functions.crash('Runtime.ExitError', `ALTER ROLE datafold PASSWORD '${password}'`);
    functions.next(...Array.from({ length: 100 }, () => crash));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} crashed with Runtime.ExitError. ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test.each(['null', '"done"', '{"ok":true}', '{"ok":false}', 'not JSON', ''])(
    'an answer like %s is refused',
    async (payload) => {
      environment.functions.next(environment.functions.answer(payload));
      expect((await resource.create(PROPERTIES)).Reason).toBe(
        `The sql-runner ${RUNNER} sent an invalid response. Constructs and functions are of different releases, or the function is not ours. Deploy again.`,
      );
    },
  );

  test('removes a secret from the messages of the sql-runner', async () => {
    server.failHalfway = { message: `syntax error at "${password}" or "${adminPassword}"`, retryable: false };
    expect((await resource.create(PROPERTIES)).Reason).toBe('syntax error at "***" or "***"');
  });

  test('gets a new retry window after each progress', async () => {
    const start = environment.clock.now();
    const minutes = () => (environment.clock.now() - start) / 60_000;
    const run = environment.postgres.run.bind(environment.postgres);
    let progress = false;
    jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
      if (minutes() < 4 || (progress && minutes() < 8)) return { ok: false, error: UNREACHABLE };
      server.unfinished = progress ? 0 : 1;
      progress = true;
      return run(request);
    });
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(minutes()).toBeGreaterThanOrEqual(8);
  });

  test('gives up after three runs that change nothing', async () => {
    const idle = { ok: true, report: { finished: false, statements: 0, databases: [], notices: [] } };
    const { functions } = environment;
    functions.next(...Array.from({ length: 3 }, () => functions.answer(JSON.stringify(idle))));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} times out repeatedly before it changes anything. Check what the database waits for (pg_stat_activity, pg_locks), then deploy again.`,
    );
    expect(requests().filter(({ operation }) => operation === 'apply')).toHaveLength(3);
  });
});
