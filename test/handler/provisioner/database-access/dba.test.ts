import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { ADMIN_SECRET, HOST, PROPERTIES, setUpAccess, type AccessSetUp } from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const BY_DBA: DatabaseAccessProperties = { ...PROPERTIES, adminSecretArn: undefined, manageRole: 'false' };

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];
let password: string;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource, password } = setUpAccess(environment));
  environment.secrets.drop(ADMIN_SECRET);
});
afterEach(async () => environment.stop());

const roleByHand = () =>
  server.roles.set('datafold', { ownerKey: '', ownerId: '', access: {} as never, password });

test('only logs in as the role that a DBA created, and keeps the role on removal', async () => {
  roleByHand();
  expect((await resource.create(BY_DBA)).Data).toMatchObject({ Host: HOST, ConnectionStep: 'ok' });
  expect((await resource.update({ ...BY_DBA, tempSchema: 'scratch' })).Status).toBe('SUCCESS');
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(environment.functions.requests.map(({ operation }) => operation)).toEqual(['verify', 'verify']);
  expect(environment.functions.requests[0]).toMatchObject({ access: { roleName: 'datafold' }, password });
  expect(environment.functions.requests[0].admin).toBeUndefined();
  expect([...server.roles.keys()]).toEqual(['datafold']);
});

test('fails while no role can log in, and reverts nothing', async () => {
  const { Status, Reason } = await resource.create(BY_DBA);
  expect({ Status, Reason }).toEqual({
    Status: 'FAILED',
    Reason: 'Login as datafold was refused (28P01). Check the password.',
  });
  expect(new Set(environment.functions.requests.map(({ operation }) => operation))).toEqual(
    new Set(['verify']),
  );
});

test('reports a refused login with FailurePolicy.WARN: the DBA may run the SQL later', async () => {
  const answer = await resource.create({ ...BY_DBA, onFailedStep: 'warn' });
  expect(answer.Status).toBe('SUCCESS');
  expect(answer.Data!.ConnectionStep).toBe(
    'failed: app: Login as datafold was refused (28P01). Check the password.',
  );
});
