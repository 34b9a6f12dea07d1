import type { PasswordRequest } from '../../../lib/private/wire/sql';
import { roleComment } from '../../../lib/handler/sql-runner/role-record';
import { OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const canLogIn = async (password = PASSWORD) =>
  server.sql('SELECT 1', 'app', { user: 'datafold', password }).then(
    () => true,
    () => false,
  );
const sentence = (how: string, statement: string) =>
  `The role "datafold" is locked: ${how}. This library did not lock the role, so it does not unlock it. To unlock the role, run: ${statement} Then repeat the failed operation.`;
const FOREIGN = sentence(
  'it has no password, or one that another role set, not the one in the secret',
  '\\password "datafold" (in psql; enter the password from the secret).',
);
const LOCKS = [
  ['NOLOGIN', 'NOLOGIN', sentence('it may not log in (NOLOGIN)', 'ALTER ROLE "datafold" LOGIN;')],
  [
    'VALID UNTIL',
    "VALID UNTIL '2020-01-01'",
    sentence('its password has expired (VALID UNTIL)', `ALTER ROLE "datafold" VALID UNTIL 'infinity';`),
  ],
  ['no password', 'PASSWORD NULL', FOREIGN],
  ['a password of somebody else', "PASSWORD 'of a person'", FOREIGN],
] as const;
const setPassword = (change: Partial<PasswordRequest> = {}): PasswordRequest => {
  const { server: address, admin } = requests().remove();
  return {
    operation: 'set-password',
    server: address,
    admin,
    roleName: 'datafold',
    passwordSecret: 'role',
    password: 'An0ther-Pa55word',
    currentPassword: PASSWORD,
    databaseName: 'app',
    maintenanceDatabase: 'postgres',
    ...change,
  };
};

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE TABLE t (id int)', 'app', server.postgres.admin);
});

describe.each(LOCKS)('a role that an administrator has locked: %s', (_name, attribute, message) => {
  beforeEach(async () => {
    await succeed(requests().apply());
    await server.sql(`ALTER ROLE datafold ${attribute}`);
  });
  afterEach(async () => {
    expect((await succeed(requests().remove())).notices).toEqual([]);
    expect(await server.roleExists('datafold')).toBe(false);
  });

  test('fails a deployment, which says how to unlock it, and stays locked', async () => {
    expect(await fail(requests().apply())).toEqual({ message, code: 'LOCKED', retryable: false });
    expect(await canLogIn()).toBe(false);
  });

  test('is reported by a run that tolerates failed steps (scheduled or in a rollback), which applies everything else', async () => {
    await server.sql('CREATE TABLE later (id int)', 'app');
    const { databases, notices } = await succeed(requests().apply({ access: { onFailedStep: 'warn' } }));
    expect(notices).toEqual([message]);
    expect(databases[0].steps).toEqual([{ step: 'connection', ok: false, message }]);
    expect(await canLogIn()).toBe(false);
  });

  test('gets no new password by a rotation', async () => {
    expect(await fail(setPassword())).toEqual({ message, code: 'LOCKED', retryable: false });
    expect([await canLogIn(), await canLogIn('An0ther-Pa55word')]).toEqual([false, false]);
  });
});

test('the reported statement unlocks the role: afterwards a run changes nothing', async () => {
  await succeed(requests().apply());
  await server.sql(`ALTER ROLE datafold NOLOGIN VALID UNTIL '2020-01-01' PASSWORD NULL`);
  await server.sql(`ALTER ROLE "datafold" LOGIN VALID UNTIL 'infinity' PASSWORD '${PASSWORD}'`);
  expect((await succeed(requests().apply())).statements).toBe(0);
  await succeed(setPassword()); // a rotation may follow
  await succeed(requests().remove());
});

test('a role that an interrupted removal locked gets LOGIN and password again', async () => {
  await succeed(requests().apply());
  await server.sql(
    `ALTER ROLE datafold NOLOGIN PASSWORD NULL; COMMENT ON ROLE datafold IS '${roleComment({ origin: OWNER.key, owners: [OWNER], state: 'being-removed' })}'`,
  );
  await succeed(requests().apply());
  expect(await canLogIn()).toBe(true);
  expect((await succeed(requests().apply())).statements).toBe(0);
  await succeed(requests().remove());
});

test('an existing role keeps its password, in a deployment and in a scheduled run', async () => {
  await server.sql(`CREATE ROLE datafold LOGIN PASSWORD 'of a person'`, 'postgres', server.postgres.admin);
  const adoptExisting = true;
  const scheduled = { adoptExisting, onFailedStep: 'warn', keepForeignPassword: true } as const;
  expect((await succeed(requests().apply({ access: scheduled }))).notices).toEqual([FOREIGN]);
  expect(await canLogIn('of a person')).toBe(true);
  expect((await fail(requests().apply({ access: { adoptExisting } }))).code).toBe('LOCKED');
  expect(await canLogIn('of a person')).toBe(true);
  await succeed(requests().remove({ access: { adoptExisting } }));
  await server.freshDatabase('app');
  await server.sql('DROP ROLE datafold');
});

test('an existing role with NOLOGIN is not unlocked either', async () => {
  await server.sql(`CREATE ROLE datafold`, 'postgres', server.postgres.admin);
  const error = await fail(requests().apply({ access: { adoptExisting: true } }));
  expect(error.message).toBe(LOCKS[0][2]);
  await server.sql('DROP ROLE datafold');
});
