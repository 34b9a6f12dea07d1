import type { ResourceType } from '../../../lib/private/wire/resources';
import { parseEvent } from '../../../lib/handler/provisioner/runtime/event';
import {
  assertAnswerable,
  assertPinned,
  assertPinnedRotation,
  assertPinnedTask,
} from '../../../lib/handler/provisioner/pinned';
import { provision } from '../../../lib/handler/provisioner/provision';
import { parseTask } from '../../../lib/handler/provisioner/tasks';
import type { Pins } from '../../../lib/handler/provisioner/pins';
import { HttpServer } from '../../support/http-server';
import { ADMIN, API_KEY, arn, KEY, key, PASSWORD, SOURCE, source, STACK } from './support/secrets-of-a-stack';
import { OWN_ARN, TestEnvironment } from './support/test-environment';

const DATAFOLD = 'https://app.datafold.com';
const PINS: Pins = {
  stack: STACK,
  region: 'eu-west-1',
  urlSuffix: 'amazonaws.com',
  datafold: [{ host: `${DATAFOLD}/`, apiKey: 'api-AbCdEf' }],
};
const BUCKET = 'https://cloudformation-custom-resource-response-euwest1.s3';
const ADVICE =
  'If a deployment asks for it, deploy constructs and functions of the same release; else somebody invokes the function, which CloudTrail names (lambda:InvokeFunction), and should not be allowed to.';
const refused = (reason: string) => `The provisioner refuses this event: ${reason}. ${ADVICE}`;

const registration = { host: DATAFOLD, apiKeySecretArn: API_KEY, onProblem: 'fail', source };
const access = { passwordSecretArn: PASSWORD, adminSecretArn: ADMIN };

const event = (type: ResourceType, properties: object, more: object = {}) =>
  parseEvent({
    ...{ RequestType: 'Create', StackId: STACK, RequestId: 'r', LogicalResourceId: 'L', ResourceType: type },
    ...{ ResourceURL: '', ResponseURL: `${BUCKET}.amazonaws.com/x`, ResourceProperties: properties, ...more },
  });
const check = (type: ResourceType, properties: object, more?: object) => () =>
  assertPinned(event(type, properties, more), PINS);

describe('what a deployment sends is done', () => {
  test.each<[ResourceType, object]>([
    ['Custom::DatafoldDatabaseAccess', access],
    ['Custom::DatafoldAccessKey', key],
    ['Custom::DatafoldDataSource', source],
    ['Custom::DatafoldDataSource', { ...source, accessKeySecretArn: undefined }],
    ['Custom::DatafoldRegistration', registration],
    ['Custom::DatafoldLineageProof', { dataSourceSecretArn: SOURCE }],
    ['Custom::DatafoldLogGroup', { logGroupName: 'g' }],
    ['Custom::DatafoldStatementLogging', { kind: 'cluster' }],
    ['Custom::DatafoldLogExclusions', { adminSecretArn: ADMIN }],
  ])('%s', (type, properties) => {
    expect(check(type, properties)).not.toThrow();
    expect(check(type, properties, { RequestType: 'Update', OldResourceProperties: {} })).not.toThrow();
  });

  test.each<[ResourceType, object]>([
    ['Custom::DatafoldDatabaseAccess', { ...access, passwordSecretArn: arn('former-AbCdEf') }],
    ['Custom::DatafoldAccessKey', { ...key, secretArn: arn('former-AbCdEf') }],
    ['Custom::DatafoldRegistration', { ...registration, host: 'https://former.example' }],
  ])('the Delete of %s that has left the app, which no pin names any more', (type, properties) => {
    expect(check(type, properties, { RequestType: 'Delete' })).not.toThrow();
  });

  test('an API key whose secret only CloudFormation knows', () => {
    const raw = event('Custom::DatafoldRegistration', {
      ...registration,
      apiKeySecretArn: arn('made-AbCdEf'),
    });
    expect(() => assertPinned(raw, { ...PINS, datafold: [{ host: DATAFOLD }] })).not.toThrow();
  });
});

describe('what nobody deployed is refused', () => {
  const other = 'arn:aws:cloudformation:eu-west-1:999999999999:stack/NotOurs/abc';
  test.each<[string, () => void, string]>([
    [
      'an event of another stack',
      check('Custom::DatafoldLogGroup', {}, { StackId: other }),
      `it is not of the stack ${STACK}`,
    ],
    [
      'a Delete of another stack',
      check('Custom::DatafoldLogGroup', {}, { StackId: other, RequestType: 'Delete' }),
      `it is not of the stack ${STACK}`,
    ],
    [
      'the API key as the password of the role',
      check('Custom::DatafoldDatabaseAccess', { ...access, passwordSecretArn: API_KEY }),
      `${API_KEY} holds an API key of Datafold, not the password of a role`,
    ],
    [
      'the API key in a data source',
      check('Custom::DatafoldDataSource', { ...source, passwordSecretArn: API_KEY }),
      `${API_KEY} holds an API key of Datafold, not the password of a role`,
    ],
    [
      'a rotation of the API key',
      () => assertPinnedRotation({ step: 'createSecret', secret: API_KEY, token: 't' }, PINS),
      `${API_KEY} holds an API key of Datafold, not the password of a role`,
    ],
    [
      'another Datafold',
      check('Custom::DatafoldRegistration', { ...registration, host: 'https://attacker.example' }),
      `https://attacker.example is not where this stack sends the API key in ${API_KEY}`,
    ],
    [
      'Datafold without encryption',
      check('Custom::DatafoldRegistration', { ...registration, host: 'http://app.datafold.com' }),
      `http://app.datafold.com is not where this stack sends the API key in ${API_KEY}`,
    ],
    [
      'another secret in the place of the API key',
      check('Custom::DatafoldRegistration', { ...registration, apiKeySecretArn: ADMIN }),
      `https://app.datafold.com is not where this stack sends the API key in ${ADMIN}`,
    ],
  ])('%s', (_, forged, reason) => {
    expect(forged).toThrow(refused(reason));
  });

  test('Datafold without encryption even where the app says so', () => {
    const datafold = [{ host: 'http://datafold.example', apiKey: 'api-AbCdEf' }];
    const raw = event('Custom::DatafoldRegistration', { ...registration, host: 'http://datafold.example' });
    expect(() => assertPinned(raw, { ...PINS, datafold })).toThrow(
      refused(
        'http://datafold.example would get the API key without encryption: give `registration.host` with https',
      ),
    );
  });
});

describe('a task of a schedule', () => {
  const task = (raw: object) => () => assertPinnedTask(parseTask({ stackId: STACK, ...raw })!, PINS);
  const rotate = { datafoldTask: 'rotate-access-key', properties: key, dataSourceSecretArns: [SOURCE] };
  const renew = { datafoldTask: 'renew-data-sources', dataSourceSecretArns: [SOURCE] };
  const reconcile = { datafoldTask: 'reconcile', properties: access };

  test('is done as the rule has it', () => {
    const byKey = { ...renew, properties: { accessKeySecretArn: KEY } };
    const byPassword = { ...renew, properties: { passwordSecretArn: PASSWORD } };
    for (const one of [rotate, byKey, byPassword, reconcile]) expect(task(one)).not.toThrow();
  });

  test.each<[string, object, string]>([
    ['for another stack', { ...reconcile, stackId: 'x' }, `it is not of the stack ${STACK}`],
    ['for no stack', { ...rotate, stackId: undefined }, `it is not of the stack ${STACK}`],
    [
      'that brings the API key into a data source',
      { ...renew, properties: { passwordSecretArn: API_KEY } },
      `${API_KEY} holds an API key of Datafold, not the password of a role`,
    ],
  ])('%s is refused', (_, forged, reason) => {
    expect(task(forged)).toThrow(refused(reason));
  });
});

test('nobody is answered at a place that is not of CloudFormation', () => {
  const forged = event('Custom::DatafoldLogGroup', {}, { ResponseURL: 'https://attacker.example/x' });
  expect(() => assertAnswerable(forged, PINS)).toThrow(
    refused('its ResponseURL is not one of CloudFormation in this region'),
  );
});

describe('whoever may invoke the function', () => {
  let environment: TestEnvironment;
  let attacker: HttpServer;
  let received: string[];
  beforeEach(async () => {
    environment = await TestEnvironment.start();
    received = [];
    attacker = await new HttpServer((request, _, response) => {
      received.push(`${request.method} ${request.headers.authorization ?? ''}`);
      response.end('[]');
    }).start();
    environment.secrets.add(API_KEY, environment.secret('df-api-key-0001'));
    environment.secrets.add(SOURCE, '{"name": "x", "options": {}}');
  });
  afterEach(async () => {
    await attacker.stop();
    await environment.stop();
  });

  test('finds nobody in a function that does not know its stack', async () => {
    const invocation = { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => 60_000 };
    const forged = { RequestType: 'Create', StackId: STACK, ResponseURL: 'http://127.0.0.1:1/' };
    const parts = { aws: environment.ports, clock: environment.clock, write: () => undefined };
    await expect(provision(forged, invocation, parts as never)).rejects.toThrow(
      /^The function lacks what its stack knows/,
    );
  });

  test('gets no answer, no secret read and no request', async () => {
    const url = `http://127.0.0.1:${attacker.port}`;
    const forged = {
      ...{ RequestType: 'Create', StackId: STACK, RequestId: 'r', LogicalResourceId: 'L' },
      ...{ ResponseURL: `${url}/answer`, ResourceType: 'Custom::DatafoldRegistration' },
      ResourceProperties: { ...registration, host: url },
    };
    const invocation = { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => 60_000 };
    const { clock } = environment;
    await expect(
      provision(forged, invocation, { aws: environment.ports, clock, write: () => undefined, pins: PINS }),
    ).rejects.toThrow(refused('its ResponseURL is not one of CloudFormation in this region'));
    expect(received).toEqual([]);
    expect(environment.faults.calls).toEqual([]);
  });
});
