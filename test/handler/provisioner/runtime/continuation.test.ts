import { HOST, PROPERTIES, setUpAccess, UNREACHABLE, type AccessSetUp } from '../support/access';
import { OWN_ARN, TestEnvironment } from '../support/test-environment';

const MAY_STAY = `If the rollback can't reach the server either, it continues. The role "datafold" on ${HOST}:5432 may then still exist; remove it by hand: as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold".`;

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource } = setUpAccess(environment));
});

afterEach(async () => {
  await environment.stop();
});

const continuations = () =>
  environment.functions.sent.map(
    ({ payload }) => (JSON.parse(payload) as { continuation: object }).continuation,
  );

test('work that takes longer than an invocation continues in another, with the same event', async () => {
  const start = environment.clock.now();
  const { functions } = environment;
  functions.next(functions.hang(), functions.hang());
  // How the first invocation found the stack: an event that was cancelled meanwhile stops.
  const stack = {
    stack: { status: 'UPDATE_IN_PROGRESS', changedAt: start },
    resource: { status: 'CREATE_IN_PROGRESS', changedAt: start, physicalId: '' },
  };

  const answer = await resource.create(PROPERTIES);

  expect(answer.Status).toBe('SUCCESS');
  expect(functions.sent.map(({ name }) => name)).toEqual([OWN_ARN, OWN_ARN]);
  expect(continuations()).toEqual([
    { startedAt: start, invocationCount: 1, state: { connected: true }, stack },
    { startedAt: start, invocationCount: 2, state: { connected: true }, stack },
  ]);
  expect(JSON.parse(functions.sent[1]?.payload ?? '')).toMatchObject({
    RequestType: 'Create',
    ResourceProperties: PROPERTIES,
    ResponseURL: environment.receiver.url,
  });
  expect(environment.log.at(-1)).toMatchObject({ message: 'answered CloudFormation', invocationCount: 2 });
});

test('the retry window for a server does not start again in each invocation', async () => {
  environment.timeout = 120_000;
  server.trouble = UNREACHABLE;
  const start = environment.clock.now();

  const answer = await resource.send({ RequestType: 'Create', ResourceProperties: PROPERTIES });

  expect(answer.Reason).toMatch(/ Retried for 5 minutes without success\.$/);
  expect(environment.clock.now() - start).toBeLessThan(330_000);
  expect(continuations().length).toBeGreaterThan(1);
});

test('the verification has its own retry window, however long the work before it waited', async () => {
  await resource.create(PROPERTIES);
  environment.timeout = 120_000;
  const { clock, postgres } = environment;
  const start = clock.now();
  const run = postgres.run.bind(postgres);
  jest.spyOn(postgres, 'run').mockImplementation((request) => {
    const isUp = clock.now() - start > (request.operation === 'verify' ? 400_000 : 250_000);
    return isUp ? run(request) : { ok: false, error: UNREACHABLE };
  });

  expect((await resource.update({ ...PROPERTIES })).Status).toBe('SUCCESS');
  expect(clock.now() - start).toBeGreaterThan(400_000);
});

test('a verification that fails for 5 minutes fails the deployment, across invocations', async () => {
  await resource.create(PROPERTIES);
  environment.timeout = 120_000;
  const { clock, postgres } = environment;
  const start = clock.now();
  const run = postgres.run.bind(postgres);
  jest
    .spyOn(postgres, 'run')
    .mockImplementation((request) =>
      request.operation === 'verify' ? { ok: false, error: UNREACHABLE } : run(request),
    );

  await resource.update({ ...PROPERTIES });

  expect(resource.answers.at(-2)?.Reason).toMatch(/ Retried for 5 minutes without success\.$/);
  expect(clock.now() - start).toBeLessThan(2 * 330_000); // with the way back
});

test('work without end fails before CloudFormation times out, and the rollback undoes it', async () => {
  const { functions } = environment;
  const start = environment.clock.now();
  functions.next(...Array.from({ length: 4 }, () => functions.hang()));

  const answer = await resource.create(PROPERTIES);

  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toBe(
    'Gave up after the longest time that CloudFormation allows, waiting for this: sql-runner shop-sql-runner, apply on shop.cluster-abc.us-east-1.rds.amazonaws.com. Find the cause of the delay, then deploy again. ' +
      `The changes of the Create could not be reverted at once; the rollback tries again. ${MAY_STAY}`,
  );
  expect(environment.clock.now() - start).toBeLessThan(60 * 60_000);
  expect(functions.requests.at(-1)?.operation).toBe('remove');
});

test('a function with a short timeout does not invoke itself more often than Lambda allows', async () => {
  environment.timeout = 60_000;
  const { functions } = environment;
  functions.next(...Array.from({ length: 100 }, () => functions.hang()));
  const answer = await resource.send({ RequestType: 'Create', ResourceProperties: PROPERTIES });
  expect(answer.Status).toBe('FAILED');
  expect(functions.sent.length).toBeLessThan(16);
});

test('a missing permission to invoke itself is reported as the failure', async () => {
  const { functions, faults } = environment;
  functions.next(async (signal) => {
    faults.fail('lambda:InvokeFunction', 'AccessDenied', 'no identity-based policy allows it.');
    return functions.hang()(signal);
  });
  const answer = await resource.send({ RequestType: 'Create', ResourceProperties: PROPERTIES });
  expect(answer.Reason).toBe(
    `lambda:InvokeFunction on ${OWN_ARN} failed with AccessDenied: no identity-based policy allows it. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again. ${MAY_STAY}`,
  );
});

describe('when Lambda does not accept the next invocation', () => {
  const handOverFails = (code: string, detail: string, times?: number) =>
    environment.functions.next(async (signal) => {
      environment.postgres.run(environment.functions.requests.at(-1)!); // its answer comes too late
      environment.faults.fail('lambda:InvokeFunction', code, detail, times);
      server.trouble = UNREACHABLE;
      return environment.functions.hang()(signal);
    });

  test.each([
    ['TooManyRequests', 'Rate Exceeded.'],
    ['Service', 'Service temporarily unavailable.'],
    ['ECONNREFUSED', 'connect ECONNREFUSED'],
  ])('it is asked again while there is time: %s', async (code, detail) => {
    handOverFails(code, detail, 5);
    void environment.clock.sleep(15 * 60_000).then(() => (server.trouble = undefined));

    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(environment.functions.sent.length).toBe(1);
  });

  test('the rollback removes what was created', async () => {
    handOverFails('TooManyRequests', 'Rate Exceeded.');
    void environment.clock.sleep(15 * 60_000).then(() => {
      environment.faults.heal();
      server.trouble = undefined;
    });
    const start = environment.clock.now();

    const answer = await resource.create(PROPERTIES);

    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: `datafold-access/${HOST}:5432/datafold#partial`,
      Reason: `lambda:InvokeFunction on ${OWN_ARN} failed with TooManyRequests: Rate Exceeded. Deploy again; if the failure persists, find the code in the AWS documentation. ${MAY_STAY}`,
    });
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect([...server.roles.keys()]).toEqual([]);
    expect(environment.clock.now() - start).toBeLessThan(30 * 60_000);
  });
});

test('an invalid continuation counts as a first invocation', async () => {
  const odd = { startedAt: 'yesterday', invocationCount: -1, state: 'x' };
  const answer = await resource.send({
    RequestType: 'Create',
    ResourceProperties: PROPERTIES,
    continuation: odd,
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(environment.log.at(-1)?.invocationCount).toBe(0);
});
