import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import {
  ADMIN_SECRET,
  HOST,
  PROPERTIES,
  RUNNER,
  setUpAccess,
  UNREACHABLE,
  type AccessSetUp,
} from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold#partial`;
const BY_HAND =
  'as the administrator, DROP OWNED BY "datafold" in each of its databases, which drops the objects that the role owns there, then DROP ROLE "datafold"';
const MAY_STAY = `If the rollback can't reach the server either, it continues. The role "datafold" on ${HOST}:5432 may then still exist; remove it by hand: ${BY_HAND}.`;
const LATER = `The changes of the Create could not be reverted at once; the rollback tries again. ${MAY_STAY}`;
const FAILED_CHECK = 'The test of database app failed at temp_schema: temp_schema does not work.';
const LEFT = `The role "datafold" on ${HOST}:5432 may still exist. Fix the cause, then delete again. To delete without the server, remove the role by hand (${BY_HAND}), then delete the stack once more with --retain-resources and the logical id of this resource.`;
const GAVE_UP = `Gave up after the longest time that CloudFormation allows, waiting for this: sql-runner ${RUNNER}, apply on ${HOST}. Find the cause of the delay, then deploy again.`;

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource } = setUpAccess(environment));
});
afterEach(async () => environment.stop());

const roles = () => [...server.roles.keys()];
const unreachable = (minutes = Infinity) => {
  server.trouble = UNREACHABLE;
  if (minutes < Infinity)
    void environment.clock.sleep(minutes * 60_000).then(() => (server.trouble = undefined));
};

/** The server accepts one request, then it can't be reached. */
function onlyOnce(minutes?: number): void {
  const run = environment.postgres.run.bind(environment.postgres);
  jest.spyOn(environment.postgres, 'run').mockImplementationOnce((request) => {
    const response = run(request);
    unreachable(minutes);
    return response;
  });
}

test('the rollback removes a role whose verification failed, once the server can be reached', async () => {
  server.failedSteps = ['temp_schema'];
  onlyOnce(2);
  const { PhysicalResourceId, Reason } = await resource.create(PROPERTIES);
  expect({ PhysicalResourceId, Reason }).toEqual({
    PhysicalResourceId: ID,
    Reason: `${FAILED_CHECK} ${LATER}`,
  });
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  expect(roles()).toEqual([]);
});

const WITHOUT_SUCCESS = `PostgreSQL on ${HOST}:5432 can't be reached (ETIMEDOUT). Check the security groups. Retried for 5 minutes without success.`;

test('an unreachable server does not fail the rollback of a first deployment, whose failure says what may remain', async () => {
  server.failedSteps = ['temp_schema'];
  onlyOnce();
  const { Reason } = await resource.createFirst(PROPERTIES);
  expect(Reason).toBe(`${FAILED_CHECK} ${LATER}`);
  expect(resource.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  expect(roles()).toEqual(['datafold']);
  expect(environment.log).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      message: 'not removed, but the first deployment of the stack is being rolled back',
      error: WITHOUT_SUCCESS,
      left: `The role "datafold" on ${HOST}:5432 may still exist. Remove it by hand: ${BY_HAND}.`,
    }),
  );
});

test.each<[string, () => void]>([
  ['the admin secret', () => environment.secrets.drop(ADMIN_SECRET)],
  [
    'the right to read the admin secret',
    () => environment.faults.fail('secretsmanager:GetSecretValue', 'AccessDenied'),
  ],
  ['the sql-runner', () => environment.functions.drop(RUNNER)],
])('nor does it stop for %s, which is gone', async (_, breakIt) => {
  server.failedSteps = ['temp_schema'];
  onlyOnce();
  environment.stacks.current = 'CREATE_IN_PROGRESS';
  const { PhysicalResourceId } = await resource.send({
    RequestType: 'Create',
    ResourceProperties: PROPERTIES,
  });
  environment.stacks.current = 'ROLLBACK_IN_PROGRESS';
  breakIt();
  expect((await resource.delete(PhysicalResourceId, PROPERTIES)).Status).toBe('SUCCESS');
});

test('the rollback of an update reports a failed removal and what may remain', async () => {
  server.failedSteps = ['temp_schema'];
  onlyOnce();
  await resource.create(PROPERTIES);
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: ID,
    Reason: `${WITHOUT_SUCCESS} ${LEFT}`,
  });
});

test('the rollback of a first deployment fails for a complete role that can not be removed', async () => {
  const { PhysicalResourceId } = await resource.createFirst(PROPERTIES);
  environment.stacks.current = 'ROLLBACK_IN_PROGRESS'; // a sibling failed
  unreachable();
  expect(await resource.delete(PhysicalResourceId, PROPERTIES)).toMatchObject({
    Status: 'FAILED',
    Reason: `${WITHOUT_SUCCESS} ${LEFT}`,
  });
});

test('the rollback removes what an unfinished run created', async () => {
  server.unfinished = Infinity;
  const run = environment.postgres.run.bind(environment.postgres);
  jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
    environment.clock.pass(60_000);
    return run(request);
  });
  const { PhysicalResourceId, Reason } = await resource.create(PROPERTIES);
  expect({ PhysicalResourceId, Reason }).toEqual({ PhysicalResourceId: ID, Reason: `${GAVE_UP} ${LATER}` });
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  expect(roles()).toEqual([]);
});

test('the rollback removes what an invocation that timed out created', async () => {
  server.unfinished = Infinity;
  const run = environment.postgres.run.bind(environment.postgres);
  jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
    environment.clock.pass(60_000);
    return run(request);
  });
  jest.spyOn(environment.functions, 'send').mockReturnValue(new Promise(() => undefined));
  const { PhysicalResourceId, Reason } = await resource.create(PROPERTIES);
  expect({ PhysicalResourceId, Reason }).toEqual({
    PhysicalResourceId: ID,
    Reason: `The work did not end before the function's timeout; it was waiting for this: sql-runner ${RUNNER}, apply on ${HOST} (in another invocation). Find the cause of the delay, then deploy again. ${MAY_STAY}`,
  });
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  expect(roles()).toEqual([]);
});

test.each(['TimeoutError', 'ECONNRESET'])(
  'a run whose answer was lost (%s) may have made something',
  async (code) => {
    const invoke = environment.functions.invoke.bind(environment.functions);
    jest.spyOn(environment.functions, 'invoke').mockImplementationOnce(async (...request) => {
      await invoke(...request);
      unreachable(7);
      throw new AwsFailure('lambda:InvokeFunction', RUNNER, code);
    });
    expect((await resource.create(PROPERTIES)).PhysicalResourceId).toBe(ID);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(roles()).toEqual([]);
  },
);

test('the rollback removes what could not be removed at once', async () => {
  server.failedSteps = ['temp_schema'];
  const run = environment.postgres.run.bind(environment.postgres);
  const refusal = { message: 'A view depends on datafold_tmp (2BP01).', code: '2BP01', retryable: false };
  jest
    .spyOn(environment.postgres, 'run')
    .mockImplementationOnce(run)
    .mockImplementationOnce(() => {
      unreachable(2);
      return { ok: false, error: refusal };
    });
  const { PhysicalResourceId, Reason } = await resource.create(PROPERTIES);
  expect({ PhysicalResourceId, Reason }).toEqual({
    PhysicalResourceId: ID,
    Reason: `${FAILED_CHECK} Reverting the changes failed too: ${refusal.message} ${MAY_STAY}`,
  });
  expect(roles()).toEqual([]);
});

test('a Create that could not log in leaves nothing to remove', async () => {
  unreachable();
  expect((await resource.create(PROPERTIES)).PhysicalResourceId).toMatch(/^datafold-not-created\//);
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
});

test("a Create without access to the administrator's secret leaves nothing to remove", async () => {
  environment.faults.fail('secretsmanager:GetSecretValue', 'AccessDenied');
  expect((await resource.create(PROPERTIES)).PhysicalResourceId).toMatch(/^datafold-not-created\//);
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
});

test('a failed Create is reverted with RemovalPolicy.RETAIN too', async () => {
  server.failedSteps = ['temp_schema'];
  const run = environment.postgres.run.bind(environment.postgres);
  jest
    .spyOn(environment.postgres, 'run')
    .mockImplementationOnce(run)
    .mockReturnValueOnce({ ok: false, error: UNREACHABLE });
  const answer = await resource.create({ ...PROPERTIES, removalPolicy: 'retain' });
  expect([answer.PhysicalResourceId, answer.Reason]).toEqual([ID, `${FAILED_CHECK} ${LATER}`]);
  expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  expect(roles()).toEqual([]);
});
