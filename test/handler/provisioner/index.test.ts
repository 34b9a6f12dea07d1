import { handler } from '../../../lib/handler/provisioner';
import { AwsEndpoint } from './support/aws-endpoint';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf';
const INVOCATION = {
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:provisioner',
  getRemainingTimeInMillis: () => 60_000,
};

const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10';
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  DATAFOLD_STACK: STACK,
  DATAFOLD_URL_SUFFIX: 'amazonaws.com',
  DATAFOLD_HOSTS: '[]',
};
const before = { ...process.env };

let aws: AwsEndpoint;
let lines: jest.SpyInstance;
beforeEach(async () => {
  aws = await new AwsEndpoint().start();
  Object.assign(process.env, ENVIRONMENT);
  lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(async () => {
  lines.mockRestore();
  await aws.stop();
  for (const name of Object.keys(ENVIRONMENT)) delete process.env[name];
  Object.assign(process.env, before);
});

test('a function that does not know its stack does nothing', async () => {
  delete process.env.DATAFOLD_STACK;
  await expect(handler({ datafoldTask: 'reconcile' }, INVOCATION)).rejects.toThrow(
    'The function lacks what its stack knows (DATAFOLD_STACK, DATAFOLD_URL_SUFFIX, DATAFOLD_HOSTS in its environment). Deploy its stack again.',
  );
});

test('an event of Secrets Manager is a step of a rotation, which throws where it fails', async () => {
  aws.refuse('ParameterNotFound', '');
  const event = { Step: 'createSecret', SecretId: SECRET, ClientRequestToken: 'token-1' };
  await expect(handler(event, INVOCATION)).rejects.toThrow(
    `The step createSecret of the rotation of ${SECRET} failed. The parameter /cdk-datafold-postgres/password-rotation/shop-AbCdEf of Systems Manager with the settings of the rotation does not exist. `,
  );
});

test('an event of a schedule is a task, which throws nothing', async () => {
  await handler({ datafoldTask: 'dance' }, INVOCATION);
  expect(lines.mock.calls.map(([line]) => (JSON.parse(String(line)) as { message: string }).message)).toEqual(
    ['the task failed'],
  );
});

test('anything else is an event of CloudFormation', async () => {
  await expect(handler({}, INVOCATION)).rejects.toThrow(/^This function answers CloudFormation: /);
});
