import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { sdkFunctions } from '../../../../lib/handler/provisioner/aws/functions';
import { sdkIam } from '../../../../lib/handler/provisioner/aws/iam';
import { regionOf, sdkSecrets } from '../../../../lib/handler/provisioner/aws/secrets';
import { AwsEndpoint } from '../support/aws-endpoint';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf';

let aws: AwsEndpoint;

beforeEach(async () => {
  aws = await new AwsEndpoint().start();
});

afterEach(async () => {
  await aws.stop();
});

async function failureOf(work: Promise<unknown>): Promise<AwsFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwsFailure) return error;
  throw new Error(`expected an AwsFailure, got ${String(error)}`);
}

describe('Secrets Manager', () => {
  test('reads the current version, in the region of the secret', async () => {
    aws.answer({ body: JSON.stringify({ SecretString: 'hunter22' }) });
    expect(await sdkSecrets().read(SECRET)).toBe('hunter22');
    expect(aws.calls).toEqual([['GetSecretValue', { SecretId: SECRET, VersionStage: 'AWSCURRENT' }]]);
    expect(aws.requests[0]?.headers.authorization).toContain('/eu-west-1/secretsmanager/');
  });

  test('reads binary values as text', async () => {
    aws.answer({ body: JSON.stringify({ SecretBinary: Buffer.from('größer').toString('base64') }) });
    expect(await sdkSecrets().read('shop')).toBe('größer');
    expect(aws.requests[0]?.headers.authorization).toContain('/us-east-1/secretsmanager/');
  });

  test('writes a version of any stage', async () => {
    await sdkSecrets().write(SECRET, 'text', 'DATAFOLD_PENDING');
    expect(aws.calls).toEqual([
      [
        'PutSecretValue',
        {
          SecretId: SECRET,
          SecretString: 'text',
          VersionStages: ['DATAFOLD_PENDING'],
          ClientRequestToken: expect.any(String),
        },
      ],
    ]);
  });

  test.each([
    ['ResourceNotFoundException', 'ResourceNotFound'],
    ['InvalidRequestException', 'InvalidRequest'],
    ['AccessDeniedException', 'AccessDenied'],
    ['DecryptionFailure', 'DecryptionFailure'],
  ])('%s is known as %s', async (wire, code) => {
    aws.refuse(wire, 'Because.');
    expect(await failureOf(sdkSecrets().read(SECRET))).toMatchObject({
      action: 'secretsmanager:GetSecretValue',
      resource: SECRET,
      code,
      message: expect.stringContaining(`failed with ${code}: Because. `),
    });
  });

  test('what AWS says about a value that it does not take is not passed on', async () => {
    aws.refuse(
      'InvalidParameterException',
      "Value 'hunter22' at 'secretString' failed to satisfy constraint",
    );
    expect((await failureOf(sdkSecrets().write(SECRET, 'hunter22'))).message).toBe(
      `secretsmanager:PutSecretValue on ${SECRET} failed with InvalidParameter. Deploy again; if the failure persists, find the code in the AWS documentation.`,
    );
  });

  test('the region of a secret is that of its ARN', () => {
    expect(regionOf(SECRET)).toBe('eu-west-1');
    expect(regionOf('arn:aws-us-gov:secretsmanager:us-gov-west-1:1:secret:x')).toBe('us-gov-west-1');
    expect(regionOf('shop')).toBeUndefined();
  });
});

describe('IAM', () => {
  const xml = (operation: string, result: string) => ({
    body: `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${result}</${operation}Result></${operation}Response>`,
  });
  const refuse = (code: string, message: string) =>
    aws.answer({
      status: 400,
      body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    });

  test('lists the managed policies of a user, from all pages, even from one after an empty page', async () => {
    const page = (arns: string[], marker = '') =>
      xml(
        'ListAttachedUserPolicies',
        `<AttachedPolicies>${arns.map((arn) => `<member><PolicyName>p</PolicyName><PolicyArn>${arn}</PolicyArn></member>`).join('')}</AttachedPolicies><IsTruncated>${marker !== ''}</IsTruncated>${marker && `<Marker>${marker}</Marker>`}`,
      );
    aws.answer(page(['arn:1'], 'm1'), page([], 'm2'), page(['arn:2', 'arn:3']), page([]));
    expect(await sdkIam().listAttachedUserPolicies('reader')).toEqual(['arn:1', 'arn:2', 'arn:3']);
    expect(await sdkIam().listAttachedUserPolicies('reader')).toEqual([]);
    const asked = (marker = '') =>
      `Action=ListAttachedUserPolicies&Version=2010-05-08&UserName=reader${marker && `&Marker=${marker}`}`;
    expect(aws.requests.map(({ body }) => body)).toEqual([asked(), asked('m1'), asked('m2'), asked()]);
  });

  test('lists the keys of a user', async () => {
    const member = (id: string, status: string) =>
      `<member><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status><CreateDate>2026-01-02T03:04:05Z</CreateDate><UserName>reader</UserName></member>`;
    aws.answer(
      xml(
        'ListAccessKeys',
        `<AccessKeyMetadata>${member('AKIA1', 'Active')}${member('AKIA2', 'Inactive')}</AccessKeyMetadata>`,
      ),
    );
    expect(await sdkIam().listAccessKeys('reader')).toEqual([
      { accessKeyId: 'AKIA1', active: true, createdAt: Date.UTC(2026, 0, 2, 3, 4, 5) },
      { accessKeyId: 'AKIA2', active: false, createdAt: Date.UTC(2026, 0, 2, 3, 4, 5) },
    ]);
    expect(aws.requests[0]?.body).toBe('Action=ListAccessKeys&Version=2010-05-08&UserName=reader');
  });

  test('makes and deletes a key', async () => {
    aws.answer(
      xml(
        'CreateAccessKey',
        '<AccessKey><AccessKeyId>AKIA1</AccessKeyId><SecretAccessKey>wJal/rXUtn</SecretAccessKey><UserName>reader</UserName><Status>Active</Status></AccessKey>',
      ),
      xml('DeleteAccessKey', ''),
    );
    expect(await sdkIam().createAccessKey('reader')).toEqual({
      accessKeyId: 'AKIA1',
      secretAccessKey: 'wJal/rXUtn',
    });
    await sdkIam().deleteAccessKey('reader', 'AKIA1');
    expect(aws.requests[1]?.body).toContain('Action=DeleteAccessKey');
    expect(aws.requests[1]?.body).toContain('AccessKeyId=AKIA1');
  });

  test('does not make a second key when the answer is lost', async () => {
    aws.answer({ status: 503, body: '' });
    await failureOf(sdkIam().createAccessKey('reader'));
    expect(aws.requests).toHaveLength(1);
  });

  test.each([
    ['NoSuchEntity', 'NoSuchEntity'],
    ['LimitExceeded', 'LimitExceeded'],
    ['AccessDenied', 'AccessDenied'],
  ])('%s is known as %s', async (wire, code) => {
    refuse(wire, 'Because.');
    expect(await failureOf(sdkIam().createAccessKey('reader'))).toMatchObject({
      action: 'iam:CreateAccessKey',
      resource: 'user reader',
      code,
      message: expect.stringContaining(`failed with ${code}: Because. `),
    });
  });
});

describe('Lambda', () => {
  test('invokes and waits for the answer', async () => {
    aws.answer({ body: '{"ok":true}' });
    expect(await sdkFunctions().invoke('runner', '{"ask":1}')).toEqual({ payload: '{"ok":true}' });
    const [request] = aws.requests;
    expect(request?.path).toBe('/2015-03-31/functions/runner/invocations');
    expect(request?.body).toBe('{"ask":1}');
    expect(request?.headers['x-amz-invocation-type']).toBeUndefined();
  });

  test('reports that the function failed', async () => {
    const payload = '{"errorType":"Runtime.ExitError"}';
    aws.answer({ headers: { 'x-amz-function-error': 'Unhandled' }, body: payload });
    expect(await sdkFunctions().invoke('runner', '{}')).toEqual({ payload, functionError: 'Unhandled' });
  });

  test('hands an event over without waiting for the function', async () => {
    aws.answer({ status: 202, body: '' });
    await sdkFunctions().send('arn:aws:lambda:us-east-1:111122223333:function:provisioner', '{"again":true}');
    expect(aws.requests[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(aws.requests[0]?.body).toBe('{"again":true}');
  });

  test('does not invoke a second time by itself', async () => {
    const refusal = { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } };
    aws.answer({
      ...refusal,
      body: '{"Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}',
    });
    expect(await failureOf(sdkFunctions().invoke('runner', '{}'))).toMatchObject({ code: 'TooManyRequests' });
    expect(aws.requests).toHaveLength(1);
  });

  test.each([
    [404, 'ResourceNotFoundException', 'ResourceNotFound'],
    [409, 'ResourceConflictException', 'ResourceConflict'],
    [403, 'AccessDeniedException', 'AccessDenied'],
    [502, 'EC2ThrottledException', 'EC2Throttled'],
  ])('%d %s is known as %s', async (status, wire, code) => {
    aws.answer({ status, headers: { 'x-amzn-errortype': wire }, body: '{"message":"Because."}' });
    expect(await failureOf(sdkFunctions().invoke('runner', '{}'))).toMatchObject({
      action: 'lambda:InvokeFunction',
      resource: 'runner',
      code,
    });
  });

  test('stops waiting when its signal is aborted', async () => {
    const controller = new AbortController();
    controller.abort();
    const failure = await failureOf(sdkFunctions().invoke('runner', '{}', controller.signal));
    expect(failure.code).toBe('AbortError');
  });
});
