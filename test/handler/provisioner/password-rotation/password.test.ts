import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { succeed, withServer } from '../../../support/with-server';
import { PASSWORD_SECRET as SECRET } from '../support/access';
import { setUpRealAccess } from '../support/real-sql-runner';
import { setUpRotation, TOPIC } from '../support/rotation';
import { STACK_ID } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;
const CONNECTION = arn('connection');
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

const server = withServer();
let environment: TestEnvironment;

beforeAll(async () => server.freshDatabase('app'));
beforeEach(async () => {
  await succeed(requestsTo(server.postgres).apply());
  environment = await TestEnvironment.start();
  const { server: address } = setUpRealAccess(environment, server.postgres);
  const options = { host: 'h', user: 'datafold', password: PASSWORD, dbname: 'app' };
  environment.secrets.add(CONNECTION, JSON.stringify({ type: 'postgres_aurora', name: 'shop/app', options }));
  setUpRotation(environment, { server: address, dataSourceSecretArns: [CONNECTION] });
});
afterEach(async () => {
  for (const text of [current(), ...(environment.rotation.texts(SECRET) ?? [])]) environment.secret(text);
  await environment.stop();
});

const current = () => environment.secrets.textOf(SECRET)!;
const inConnection = () => (environment.secrets.jsonOf(CONNECTION) as { options: object }).options;
const logsIn = async (password: string) =>
  server.sql('SELECT 1', 'app', { user: 'datafold', password }).then(
    () => true,
    () => false,
  );
const step = async (Step: string, token: string) =>
  environment.rotate({ Step, SecretId: SECRET, ClientRequestToken: token });

async function rotate(token: string): Promise<void> {
  environment.rotation.begin(SECRET, token);
  for (const one of STEPS) await step(one, token);
}

test('sets a new password for role, secret and data source, and notifies people', async () => {
  await rotate('token-1');
  expect(current()).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(await logsIn(current())).toBe(true);
  expect(await logsIn(PASSWORD)).toBe(false);
  expect(inConnection()).toEqual({ host: 'h', user: 'datafold', password: current(), dbname: 'app' });
  expect(environment.notices.published).toEqual([
    {
      topic: TOPIC,
      subject: 'Datafold: enter a new password',
      text:
        "The role of Datafold has a new password. Datafold's API can't update a data source, so Datafold can't log in until the password is entered there by hand:\n" +
        `- shop/app: Password from the secret ${CONNECTION}`,
    },
  ]);
});

test('the log that Datafold reads contains no password', async () => {
  await rotate('token-1');
  await rotate('token-2');
  expect(server.postgres.log()).toMatch(/ALTER ROLE "datafold" PASSWORD 'SCRAM-SHA-256\$/);
  for (const password of [current(), ...environment.rotation.texts(SECRET)])
    expect(server.postgres.log()).not.toContain(password);
});

test('every step may be repeated, also late', async () => {
  environment.rotation.begin(SECRET, 'token-1');
  for (const one of STEPS) for (let time = 0; time < 3; time++) await step(one, 'token-1');
  const password = current();
  for (const one of STEPS) await step(one, 'token-1');
  expect(current()).toBe(password);
  expect(await logsIn(password)).toBe(true);
  expect(environment.notices.published).toHaveLength(1);
});

test('a repeated step completes a rotation that was interrupted anywhere', async () => {
  const check = environment.faults.check.bind(environment.faults);
  let cutShort = 0;
  for (let at = 0, connected = true; connected; at++) {
    const token = `token-${at}`;
    let calls = 0;
    connected = false;
    environment.faults.check = (action, name) => {
      check(action, name);
      if (calls++ !== at) return;
      connected = true;
      throw new AwsFailure(action, name, 'InvalidRequest');
    };
    const before = environment.notices.published.length;
    environment.rotation.begin(SECRET, token);
    for (const one of STEPS)
      await step(one, token).catch(async () => {
        cutShort++;
        await step(one, token);
      });
    environment.faults.check = check;
    expect(await logsIn(current())).toBe(true);
    expect(inConnection()).toMatchObject({ password: current() });
    const subjects = environment.notices.published.slice(before).map(({ subject }) => subject);
    if (connected) expect(subjects.length).toBeGreaterThan(0);
  }
  expect(cutShort).toBeGreaterThan(15);
});

test('a deployment between two steps, which sets the current password, does not revert the rotation', async () => {
  environment.rotation.begin(SECRET, 'token-1');
  for (const one of STEPS.slice(0, 3)) await step(one, 'token-1');
  await succeed(requestsTo(server.postgres).apply());
  expect(await logsIn(PASSWORD)).toBe(true);
  await step('finishSecret', 'token-1');
  expect(current()).not.toBe(PASSWORD);
  expect(await logsIn(current())).toBe(true);
});

test('a data source that can not be updated keeps the rotation pending, and a repeated step completes it', async () => {
  environment.rotation.begin(SECRET, 'token-1');
  for (const one of STEPS.slice(0, 3)) await step(one, 'token-1');
  const check = environment.faults.check.bind(environment.faults);
  environment.faults.check = (action, name) => {
    check(action, name);
    if (action === 'secretsmanager:PutSecretValue' && name === CONNECTION)
      throw new AwsFailure(action, name, 'AccessDenied');
  };
  await expect(step('finishSecret', 'token-1')).rejects.toThrow(
    `The step finishSecret of the rotation of ${SECRET} failed. secretsmanager:PutSecretValue on ${CONNECTION} failed with AccessDenied. ` +
      "The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.",
  );
  expect(current()).toBe(PASSWORD);

  environment.faults.check = check;
  await step('finishSecret', 'token-1');
  expect(current()).not.toBe(PASSWORD);
  expect(await logsIn(current())).toBe(true);
  expect(inConnection()).toMatchObject({ password: current() });
});

test('clients that use the password in the secret can always log in', async () => {
  interface Attempt {
    readonly password: string;
    readonly from: number;
    readonly until: number;
    readonly ok: boolean;
  }
  const attempts: Attempt[] = [];
  const windows: { readonly previous: string; readonly from: number; readonly until: number }[] = [];
  let stop = false;
  const client = async () => {
    while (!stop) {
      const [password, from] = [current(), performance.now()];
      const ok = await logsIn(password);
      attempts.push({ password, from, until: performance.now(), ok });
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (let invocationCount = 1; invocationCount <= 10; invocationCount++) {
    const token = `loop-${invocationCount}`;
    environment.rotation.begin(SECRET, token);
    await step('createSecret', token);
    const [previous, from] = [current(), performance.now()];
    await step('setSecret', token);
    await step('testSecret', token);
    const makeCurrent = environment.rotation.makeCurrent.bind(environment.rotation);
    environment.rotation.makeCurrent = async (...version) => {
      await makeCurrent(...version);
      windows.push({ previous, from, until: performance.now() });
      environment.rotation.makeCurrent = makeCurrent;
    };
    await step('finishSecret', token);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  stop = true;
  await Promise.all(clients);
  const failed = attempts.filter(({ ok }) => !ok);
  // The old password ends when the role gets the new one, a moment before the secret says so.
  const explained = ({ password, from, until }: Attempt) =>
    windows.some((w) => w.previous === password && from <= w.until && until >= w.from);
  const unexplained = failed.filter((attempt) => !explained(attempt));
  expect(windows).toHaveLength(10);
  expect(unexplained).toEqual([]);
  expect(attempts.length - failed.length).toBeGreaterThan(100);
  const longest = Math.max(...windows.map(({ from, until }) => until - from));
  process.stdout.write(
    `${attempts.length} logins during 10 rotations, ${failed.length} with the old password failed in the windows of ${longest.toFixed(0)} ms at most\n`,
  );
});

test('updates a data source of another stack', async () => {
  const theirs = arn('theirs');
  environment.secrets.add(theirs, environment.secrets.textOf(CONNECTION)!.replace('shop/app', 'theirs'));
  await rotate('token-1');
  await environment.task({
    datafoldTask: 'renew-data-sources',
    stackId: STACK_ID,
    properties: { passwordSecretArn: SECRET },
    dataSourceSecretArns: [theirs],
    topicArn: TOPIC,
  });
  expect(environment.secrets.jsonOf(theirs)).toMatchObject({ options: { password: current() } });
  expect(environment.notices.published.at(-1)!.text).toMatch(/^- theirs: Password from the secret /m);
});

test('the test before the first rotation, of a version without a value, uses the current password', async () => {
  environment.rotation.begin(SECRET, 'attempt');
  await step('testSecret', 'attempt');
  environment.secrets.add(SECRET, environment.secret('not-the-password'));
  await expect(step('testSecret', 'attempt')).rejects.toThrow(
    `The step testSecret of the rotation of ${SECRET} failed. The role "datafold" cannot log in to database "app" with the password (28P01).`,
  );
});

test('a step without a password and an unknown step fail', async () => {
  environment.rotation.begin(SECRET, 'token-1');
  await expect(step('setSecret', 'token-1')).rejects.toThrow(
    `The version token-1 of the secret ${SECRET} has no new password for the step setSecret. Rotate the secret again.`,
  );
  await expect(step('eatSecret', 'token-1')).rejects.toThrow(
    'Secrets Manager requested the unknown step eatSecret.',
  );
  expect(environment.notices.published[0]).toEqual({
    topic: TOPIC,
    subject: 'Datafold: the rotation of a password failed',
    text: `The rotation of the password of role datafold failed at setSecret. The version token-1 of the secret ${SECRET} has no new password for the step setSecret. Rotate the secret again.`,
  });
});
