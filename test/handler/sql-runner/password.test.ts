import type { PasswordRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const NEW = 'An0ther-Datafold-Pa55word';

const request = (change: Partial<PasswordRequest> = {}): PasswordRequest => {
  const { server: address, admin } = requestsTo(server.postgres).remove();
  return {
    operation: 'set-password',
    server: address,
    admin,
    roleName: 'datafold',
    passwordSecret: 'role',
    password: NEW,
    databaseName: 'app',
    maintenanceDatabase: 'postgres',
    ...change,
  };
};
const canLogIn = async (password: string) =>
  server.sql('SELECT 1', 'app', { user: 'datafold', password }).then(
    () => true,
    () => false,
  );

beforeAll(async () => server.freshDatabase('app'));
beforeEach(async () => void (await succeed(requestsTo(server.postgres).apply())));
afterEach(async () => void (await succeed(requestsTo(server.postgres).remove())));

test('sets another password once, and the previous one no longer works', async () => {
  expect(await succeed(request())).toEqual({ changed: true });
  expect([await canLogIn(NEW), await canLogIn(PASSWORD)]).toEqual([true, false]);
  expect(await succeed(request())).toEqual({ changed: false });
});

test('the log of the server contains the verifier, never the password', async () => {
  await succeed(request());
  expect(server.postgres.log()).toMatch(/ALTER ROLE "datafold" PASSWORD 'SCRAM-SHA-256\$/);
  expect(server.postgres.log()).not.toContain(NEW);
});

test('tries a password and changes nothing', async () => {
  expect(await fail(request({ operation: 'try-password' }))).toEqual({
    code: '28P01',
    message: 'The role "datafold" cannot log in to database "app" with the password (28P01).',
    retryable: false,
  });
  expect(await succeed(request({ operation: 'try-password', password: PASSWORD }))).toEqual({
    changed: false,
  });
});

test('a missing role and a role that must not be changed are errors', async () => {
  expect(await fail(request({ roleName: 'nobody' }))).toMatchObject({
    code: '42704',
    message: 'The role "nobody" does not exist. Deploy again to create it.',
  });
  const { user } = server.postgres.superuser;
  expect(await fail(request({ roleName: user, password: 'not-the-one-of-it' }))).toMatchObject({
    code: '42501',
    message: `The role "${user}" is a superuser: its password is not changed.`,
  });
  const { user: admin } = server.postgres.admin;
  expect(await fail(request({ roleName: admin }))).toMatchObject({
    code: '42501',
    message: `The role "${admin}" is the administrator itself: its password is not changed.`,
  });
});

test('an administrator that may not change the role gets an error without the statement', async () => {
  await server.sql("CREATE ROLE weak LOGIN PASSWORD 'weak-password'");
  const error = await fail(request({ admin: { user: 'weak', password: 'weak-password' } }));
  await server.sql('DROP ROLE weak');
  expect(error.code).toBe('42501');
  expect(error.message).toMatch(/^Setting the password of role "datafold" failed: /);
  expect(error.message).not.toMatch(/SCRAM-SHA-256|weak-password/);
});
