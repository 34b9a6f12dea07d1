import type { RotationSettings } from '../../../../lib/private/wire/rotation';
import {
  certificateKey,
  hashedPin,
  secretKey,
  withoutRandomParts,
  workPin,
} from '../../../../lib/private/wire/pins';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { succeed, withServer } from '../../../support/with-server';
import { ADMIN_SECRET, PASSWORD_SECRET as SECRET } from '../support/access';
import { serverProperties, setUpRealAccess, useRealSqlRunner } from '../support/real-sql-runner';
import { setUpRotation } from '../support/rotation';
import { TestEnvironment } from '../support/test-environment';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;
const OTHER = { roleName: 'other_stack', password: 'Other-Pa55word' };
const OTHER_SOURCE = arn('other-source');

const server = withServer();
let environment: TestEnvironment;

/** The pins of a stack with two roles on the server, of which only `datafold` has a rotated password. */
function pins(): string[] {
  const { host = '', port, tls, caCertificate } = serverProperties(server.postgres);
  const at = { at: host, port, tls, ca: certificateKey(caCertificate!) };
  const admin = secretKey(ADMIN_SECRET);
  const [rotatedSecret] = withoutRandomParts(secretKey(SECRET));
  const works = [{ role: 'datafold' }, { role: OTHER.roleName }, { role: 'datafold', rotatedSecret }];
  return works.map((work) => hashedPin(workPin(at, { admin, ...work })));
}

beforeAll(async () => server.freshDatabase('app'));
beforeEach(async () => {
  await succeed(requestsTo(server.postgres).apply());
  const access = { roleName: OTHER.roleName, tempSchema: 'other_tmp' };
  const owner = { key: 'k2', id: 'id2', stackName: 'Other' };
  await succeed(requestsTo(server.postgres).apply({ access, owner, password: OTHER.password }));
  environment = await TestEnvironment.start();
  setUpRealAccess(environment, server.postgres);
  const options = { host: 'h', user: OTHER.roleName, password: OTHER.password, dbname: 'app' };
  environment.secrets.add(OTHER_SOURCE, JSON.stringify({ type: 'postgres_aurora', name: 'other', options }));
  useRealSqlRunner(environment, pins());
  environment.rotation.begin(SECRET, 'token-1');
});
afterEach(async () => {
  for (const text of environment.rotation.texts(SECRET)) environment.secret(text);
  await environment.stop();
});

const step = async (Step: string) =>
  environment.rotate({ Step, SecretId: SECRET, ClientRequestToken: 'token-1' });
const forge = (change: Partial<RotationSettings>) =>
  setUpRotation(environment, { server: serverProperties(server.postgres), ...change });
const logsIn = async (user: string, password: string) =>
  server.sql('SELECT 1', 'app', { user, password }).then(
    () => true,
    () => false,
  );
const REFUSED =
  /^The step \w+ of the rotation of \S+ failed\. The sql-runner was not deployed for this (set|try)-password on /;

test('the settings as deployed rotate the password', async () => {
  forge({});
  for (const one of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await step(one);
  expect(await logsIn('datafold', environment.secrets.textOf(SECRET)!)).toBe(true);
});

test.each<[string, () => Partial<RotationSettings>]>([
  ['another role of the stack', () => ({ roleName: OTHER.roleName })],
  ['the administrator', () => ({ roleName: server.postgres.admin.user })],
  ['another server', () => ({ server: { ...serverProperties(server.postgres), host: '127.0.0.2' } })],
  ['another port', () => ({ server: { ...serverProperties(server.postgres), port: '1' } })],
  ['no TLS', () => ({ server: { ...serverProperties(server.postgres), tls: 'disable' as const } })],
  ['another authority', () => ({ server: { ...serverProperties(server.postgres), caCertificate: 'x' } })],
  ['another secret as that of the administrator', () => ({ adminSecretArn: OTHER_SOURCE })],
])('settings that somebody has forged change no password: %s', async (_what, change) => {
  environment.secrets.add(OTHER_SOURCE, environment.secrets.textOf(ADMIN_SECRET)!);
  forge(change());
  await step('createSecret');
  for (const one of ['setSecret', 'testSecret', 'finishSecret'])
    await expect(step(one)).rejects.toThrow(REFUSED);
  expect(environment.secrets.textOf(SECRET)).toBe(PASSWORD);
  expect(await logsIn('datafold', PASSWORD)).toBe(true);
  expect(await logsIn(OTHER.roleName, OTHER.password)).toBe(true);
});

test('settings that somebody has forged bring no password into the data source of another role', async () => {
  forge({ dataSourceSecretArns: [OTHER_SOURCE, SECRET, ADMIN_SECRET] });
  const before = environment.secrets.textOf(OTHER_SOURCE);
  const admin = environment.secrets.textOf(ADMIN_SECRET);
  for (const one of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await step(one);
  forge({ roleName: OTHER.roleName, dataSourceSecretArns: [OTHER_SOURCE] });
  await expect(step('finishSecret')).rejects.toThrow(REFUSED);
  expect(environment.secrets.textOf(OTHER_SOURCE)).toBe(before);
  expect(environment.secrets.textOf(ADMIN_SECRET)).toBe(admin);
});
