import { ANY_EVENT } from '../../../../lib/handler/provisioner/pins';
import { provision } from '../../../../lib/handler/provisioner/provision';
import { OWN_ARN, TestEnvironment } from '../support/test-environment';
import { STACK_ID, StackResource } from '../support/stack';

let environment: TestEnvironment;

beforeEach(async () => {
  environment = await TestEnvironment.start();
});

afterEach(async () => {
  await environment.stop();
});

const GROUP = { logGroupName: '/aws/rds/cluster/shop/postgresql', logRetention: '30' };

test('responds with the ids of the request', async () => {
  const answer = await environment.send({
    RequestType: 'Create',
    RequestId: 'request-1',
    StackId: STACK_ID,
    LogicalResourceId: 'LogGroup',
    ResourceType: 'Custom::DatafoldLogGroup',
    ResourceProperties: { ServiceToken: OWN_ARN, ServiceTimeout: '3600', ...GROUP },
  });

  expect(answer).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'datafold-log-group:/aws/rds/cluster/shop/postgresql',
    StackId: STACK_ID,
    RequestId: 'request-1',
    LogicalResourceId: 'LogGroup',
    Data: { LogGroupName: '/aws/rds/cluster/shop/postgresql', Notice: '' },
  });
});

test('refuses an unknown resource type and names the known types', async () => {
  const resource = new StackResource(environment, 'Custom::DatafoldNothing' as 'Custom::DatafoldLogGroup');
  const answer = await resource.create({});

  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(
      /^The provisioner does not know the resource type Custom::DatafoldNothing, only (Custom::Datafold\w+, )+Custom::Datafold\w+\. Deploy constructs and provisioner of the same release\.$/,
    ),
    PhysicalResourceId: expect.stringMatching(/^datafold-not-created\/[0-9a-f]{16}$/),
  });
  for (const type of ['DatabaseAccess', 'AccessKey', 'DataSource', 'LogGroup'])
    expect(answer.Reason).toContain(`Custom::Datafold${type}`);
});

test('the rollback of a refused Create succeeds', async () => {
  const resource = new StackResource(environment, 'Custom::DatafoldNothing' as 'Custom::DatafoldLogGroup');
  await resource.create({});
  expect(resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
  expect(resource.answers[1]?.PhysicalResourceId).toBe(resource.answers[0]?.PhysicalResourceId);
});

test('refuses invalid properties, and the rollback succeeds', async () => {
  const resource = new StackResource(environment, 'Custom::DatafoldLogGroup');
  await resource.create({ logRetention: 'forever' });
  expect(resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
  expect(resource.answers[0]?.Reason).toBe(
    'The properties of the custom resource are not valid: `logGroupName` is missing; `logRetention` must be a whole number from 1 to 9999, got: "forever". Correct them in the template, then deploy again.',
  );
});

test('responds before the function times out, and names what it was waiting for', async () => {
  environment.timeout = 60_000;
  jest.spyOn(environment.logs, 'find').mockReturnValue(new Promise(() => undefined));
  const start = environment.clock.now();

  const answer = await new StackResource(environment, 'Custom::DatafoldLogGroup').send({
    RequestType: 'Create',
    ResourceProperties: GROUP,
  });

  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toBe(
    "The work did not end before the function's timeout; it was waiting for this: settings of log group /aws/rds/cluster/shop/postgresql. Find the cause of the delay, then deploy again.",
  );
  expect(environment.clock.now() - start).toBeLessThan(60_000);
});

test('does nothing after the response', async () => {
  environment.timeout = 60_000;
  let goOn = () => undefined as void;
  jest
    .spyOn(environment.logs, 'find')
    .mockReturnValueOnce(new Promise((resolve) => (goOn = () => resolve(undefined))));
  await new StackResource(environment, 'Custom::DatafoldLogGroup').send({
    RequestType: 'Create',
    ResourceProperties: GROUP,
  });

  goOn();
  await new Promise((resolve) => setImmediate(resolve));

  expect(environment.faults.calls).toEqual([]);
});

test('an unexpected error is reported without its text', async () => {
  jest
    .spyOn(environment.logs, 'find')
    .mockRejectedValue(new RangeError(`odd: ${environment.secret('correct horse')}`));
  const answer = await new StackResource(environment, 'Custom::DatafoldLogGroup').create(GROUP);

  expect(answer.Reason).toBe(
    'The provisioner failed with an unexpected RangeError. See its log for the stack trace, and report the bug.',
  );
  expect(environment.log.find((line) => line.message === 'unexpected error')?.error).toMatch(
    /^RangeError at .*provision\.test/,
  );
});

test('an event that is not of CloudFormation fails the invocation', async () => {
  const invocation = { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => 60_000 };
  const parts = {
    aws: {} as never,
    clock: environment.clock,
    write: () => undefined,
    pins: ANY_EVENT,
  } as const;
  for (const event of [
    undefined,
    'x',
    {},
    { RequestType: 'Create' },
    { RequestType: 'Read', ResponseURL: 'https://x' },
  ]) {
    await expect(provision(event, invocation, parts)).rejects.toThrow(
      'This function answers CloudFormation: it needs an event with a RequestType of Create, Update or Delete and a ResponseURL.',
    );
  }
});

test('logs each step in one line with its time and outcome, and nothing of the event but its ids', async () => {
  await new StackResource(environment, 'Custom::DatafoldLogGroup').create(GROUP);

  const common = {
    requestType: 'Create',
    resourceType: 'Custom::DatafoldLogGroup',
    logicalResourceId: 'Thing',
    invocationCount: 0,
  };
  expect(environment.log[0]).toEqual({
    ...common,
    level: 'INFO',
    message: 'settings of log group /aws/rds/cluster/shop/postgresql',
    timestamp: new Date(environment.clock.now()).toISOString(),
    service: 'datafold-provisioner',
    outcome: 'done',
    durationMs: 0,
    requestId: expect.any(String),
  });
  for (const line of environment.log) expect(line).toMatchObject(common);
});
