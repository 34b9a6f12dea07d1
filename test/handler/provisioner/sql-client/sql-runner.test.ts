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
import { World } from '../support/world';

let world: World;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];
let adminPassword: string;
let password: string;

beforeEach(async () => {
  world = await World.start();
  ({ server, resource, adminPassword, password } = setUpAccess(world));
});

afterEach(async () => {
  await world.stop();
});

const requests = () => world.functions.requests;

const LOG =
  'Its log group has the details, but goes with its stack unless it is kept (README, "The log of a removal").';

/** What a Create that could not undo its work says. */
const MAY_STAY =
  `Undoing the work failed for the same reason. If the rollback can't reach the server either, it goes on and leaves what there is. The role "datafold" on ${HOST}:5432 may then still be there; ` +
  'remove it by hand: as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops what it owns there, then DROP ROLE "datafold".';

describe('the login of the admin', () => {
  test('a wrong password is a clear failure within seconds', async () => {
    setAdminSecret(world, world.secret('not the password'));
    const start = world.clock.now();

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(`Login as postgres on ${HOST} was refused (28P01). Check the admin secret.`);
    expect(world.clock.now() - start).toBeLessThan(10_000);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('a password that RDS rotates at this moment is read again', async () => {
    const rotated = world.secret('rotated password');
    server.adminPassword = rotated;
    void world.clock.sleep(2_000).then(() => setAdminSecret(world, rotated));
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('a password that RDS rotates between two runs is read again', async () => {
    server.unfinished = 1;
    const run = world.postgres.run.bind(world.postgres);
    jest.spyOn(world.postgres, 'run').mockImplementationOnce((request) => {
      server.adminPassword = world.secret('rotated password');
      setAdminSecret(world, server.adminPassword);
      return run({ ...request, admin: { user: 'postgres', password: server.adminPassword } });
    });
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('a secret that holds something else', async () => {
    world.secrets.add(ADMIN_SECRET, world.secret('just-a-password'));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The admin secret ${ADMIN_SECRET} does not hold what is needed: a JSON object with "username" and "password". Name the secret of the server's admin, or complete it, then deploy again.`,
    );
    expect(requests()).toEqual([]);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('a role without a password', async () => {
    world.secrets.add(PASSWORD_SECRET, '');
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The secret ${PASSWORD_SECRET} is empty: it must hold the password of the role.`,
    );
  });
});

describe('the sql-runner', () => {
  test.each(['ResourceConflict', 'TooManyRequests', 'EC2Throttled', 'ENINotReady'])(
    '%s passes',
    async (code) => {
      world.faults.fail('lambda:InvokeFunction', code, undefined, 4);
      expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    },
  );

  test('waits for a policy that is not known everywhere yet', async () => {
    world.faults.denyFor(30_000, 'lambda:InvokeFunction');
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('names action and function where the permission never comes', async () => {
    world.faults.fail('lambda:InvokeFunction', 'AccessDenied', 'no identity-based policy allows it.');
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `lambda:InvokeFunction on ${RUNNER} failed with AccessDenied: no identity-based policy allows it. The provisioner's role lacks this permission: look for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
    );
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('a run that is cut short by its time-out is repeated', async () => {
    const { functions } = world;
    functions.next(
      functions.crash('Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 600.00 seconds'),
    );
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  });

  test('time-outs again and again are told with the time', async () => {
    const { functions } = world;
    const timeOut = functions.crash(
      'Sandbox.Timedout',
      'RequestId: 1 Error: Task timed out after 600.00 seconds',
    );
    functions.next(...Array.from({ length: 100 }, () => timeOut));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} did not end within its 600.00 seconds: the database hangs or a lock is held. ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test('a process that was ended is told with how', async () => {
    const { functions } = world;
    const text = 'RequestId: 1 Error: Runtime exited with error: signal: killed';
    const killed = functions.crash('Runtime.ExitError', text);
    functions.next(...Array.from({ length: 100 }, () => killed));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} crashed with Runtime.ExitError (Runtime exited with error: signal: killed). ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test('a crash is told without its text', async () => {
    const { functions } = world;
    const crash = functions.crash('Runtime.ExitError', `ALTER ROLE datafold PASSWORD '${password}'`);
    functions.next(...Array.from({ length: 100 }, () => crash));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} crashed with Runtime.ExitError. ${LOG} Retried for 5 minutes without success. ${MAY_STAY}`,
    );
  });

  test.each(['null', '"done"', '{"ok":true}', '{"ok":false}', 'not JSON', ''])(
    'an answer like %s is refused',
    async (payload) => {
      world.functions.next(world.functions.answer(payload));
      expect((await resource.create(PROPERTIES)).Reason).toBe(
        `The sql-runner ${RUNNER} gave an answer that can't be understood. Constructs and functions are of different releases, or the function is not ours. Deploy again.`,
      );
    },
  );

  test('a secret in its messages does not get out', async () => {
    server.failHalfway = { message: `syntax error at "${password}" or "${adminPassword}"`, retryable: false };
    expect((await resource.create(PROPERTIES)).Reason).toBe('syntax error at "***" or "***"');
  });

  test('is waited for anew after each progress', async () => {
    const start = world.clock.now();
    const minutes = () => (world.clock.now() - start) / 60_000;
    const run = world.postgres.run.bind(world.postgres);
    let progress = false;
    jest.spyOn(world.postgres, 'run').mockImplementation((request) => {
      if (minutes() < 4 || (progress && minutes() < 8)) return { ok: false, error: UNREACHABLE };
      server.unfinished = progress ? 0 : 1;
      progress = true;
      return run(request);
    });
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(minutes()).toBeGreaterThanOrEqual(8);
  });

  test('runs that never change anything are not repeated forever', async () => {
    const idle = { ok: true, report: { finished: false, statements: 0, databases: [], notices: [] } };
    const { functions } = world;
    functions.next(...Array.from({ length: 3 }, () => functions.answer(JSON.stringify(idle))));
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `The sql-runner ${RUNNER} runs out of time again and again before it changes anything. Find out what the database waits for (pg_stat_activity, pg_locks), then deploy again.`,
    );
    expect(requests().filter(({ operation }) => operation === 'apply')).toHaveLength(3);
  });
});
