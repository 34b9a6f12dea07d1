import { errorMessage, plainServer } from '../../support/plain-server';
import { requestsTo } from '../../support/requests';
import { testEachSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer({
  hba: [
    'host all master 127.0.0.1/32 scram-sha-256', // a member of rds_iam itself, as its administrator
    'host all +rds_iam 127.0.0.1/32 ident',
    'host all clear 127.0.0.1/32 password',
    'host all hashed 127.0.0.1/32 md5',
    'hostnossl all tls_only 127.0.0.1/32 reject',
    'host all elsewhere 10.0.0.0/8 scram-sha-256',
    'host all elsewhere 127.0.0.1/32 reject',
  ],
});
const requests = () => requestsTo(server.postgres);
const plain = () => ({ host: '127.0.0.1', port: server.postgres.port, tls: 'disable' as const });
const as = (user: string) => ({ user, password: 'a secret' });

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE ROLE clear LOGIN SUPERUSER PASSWORD 'a secret'; CREATE ROLE tls_only LOGIN PASSWORD 'a secret';
     CREATE ROLE elsewhere LOGIN PASSWORD 'a secret'; CREATE ROLE locked NOLOGIN PASSWORD 'a secret'; CREATE ROLE iam LOGIN PASSWORD 'a secret';
     GRANT rds_iam TO iam; SET password_encryption = 'md5'; CREATE ROLE hashed LOGIN CREATEROLE PASSWORD 'a secret'; GRANT rds_superuser TO hashed`,
  );
});

const failed = (user: string, host = 'localhost') =>
  `Connecting to database "app" at ${host}:${server.postgres.port} as "${user}" failed:`;

test('a member of rds_iam gets an error that names rds_iam and the statement that revokes the membership', async () => {
  expect(await fail(requests().apply({ admin: as('iam') }))).toEqual({
    message:
      `${failed('iam')} Ident authentication failed for user "iam" (28000). The server does not accept a password from "iam". ` +
      'On RDS and Aurora, the user is then a member of rds_iam, directly or through another role. ' +
      'Run REVOKE rds_iam FROM "iam", or use an administrator that logs in with a password. On other servers, require scram-sha-256 for "iam" in pg_hba.conf.',
    code: '28000',
    retryable: false,
  });
  await server.sql('REVOKE rds_iam FROM "iam"');
  expect(await fail(requests().apply({ admin: as('iam') }))).toMatchObject({ code: '42501' });
});

test('a rejection by PAM, as on RDS, names rds_iam too', async () => {
  const rds = await plainServer((socket) =>
    socket.once('data', () =>
      socket.end(errorMessage('28000', 'PAM authentication failed for user "master"')),
    ),
  );
  const error = await fail(requests().apply({ server: { ...plain(), port: rds.port } }));
  await rds.stop();
  expect(error.message).toContain('Run REVOKE rds_iam FROM "master"');
});

test('the error for a server that requires TLS differs from the error for an unknown user', async () => {
  expect((await fail(requests().apply({ server: plain(), admin: as('tls_only') }))).message).toMatch(
    /\(28000\)\. pg_hba\.conf does not allow "tls_only" to connect to database "app" from the address of the sql-runner without TLS\. Add an entry with scram-sha-256, or enable TLS for this server\.$/,
  );
  expect((await fail(requests().apply({ admin: as('elsewhere') }))).message).toMatch(
    /\(28000\)\. pg_hba\.conf does not allow "elsewhere" to connect to database "app" from the address of the sql-runner\. Add an entry with scram-sha-256\.$/,
  );
  const rds = await plainServer((socket) =>
    socket.once('data', () =>
      socket.end(
        errorMessage(
          '28000',
          'no pg_hba.conf entry for host "10.0.0.1", user "master", database "app", no encryption',
        ),
      ),
    ),
  );
  const error = await fail(requests().apply({ server: { ...plain(), port: rds.port } }));
  await rds.stop();
  expect(error.message).toMatch(
    / The server requires TLS \(rds\.force_ssl on RDS\), .* Enable TLS for this server\.$/,
  );
});

test('the error for a role without LOGIN names NOLOGIN', async () => {
  expect((await fail(requests().apply({ admin: as('locked') }))).message).toBe(
    `${failed('locked')} role "locked" is not permitted to log in (28000). ` +
      'The role "locked" is NOLOGIN: an administrator locked it, or it is a group role. Run ALTER ROLE "locked" LOGIN, or use another user.',
  );
});

test('a password is not sent in plain text without TLS', async () => {
  let received = '';
  const thief = await plainServer((socket) =>
    socket.once('data', () => {
      socket.write(Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 3])); // AuthenticationCleartextPassword
      socket.on('data', (data) => (received += data.toString('latin1')));
    }),
  );
  const error = await fail(requests().apply({ server: { ...plain(), port: thief.port } }));
  await thief.stop();
  expect(error).toEqual({
    message:
      `Connecting to database "app" at 127.0.0.1:${thief.port} as "master" failed: the server requests the password in plain text, without TLS (CLEARTEXT), so the password was not sent: ` +
      'anybody on the network could read it. ' +
      'Enable TLS; or, if the network is trusted, require scram-sha-256 in pg_hba.conf. If the address is a connection pooler, use that of the server itself.',
    code: 'CLEARTEXT',
    retryable: false,
  });
  expect(received).not.toContain(server.postgres.admin.password);
  expect((await fail(requests().apply({ server: plain(), admin: as('clear') }))).code).toBe('CLEARTEXT');
});

test('a password is sent in plain text to a server whose certificate is trusted', async () => {
  await succeed(requests().apply({ admin: as('clear') }));
  await succeed(requests().remove({ admin: as('clear') }));
});

test('an MD5 hash without TLS is reported as a notice', async () => {
  const admin = as('hashed');
  const notice =
    'The server requests the password of "hashed" as an MD5 hash, without TLS: anybody on the network can test passwords against the hash. ' +
    'Enable TLS, or set the password again with password_encryption = scram-sha-256.';
  expect((await succeed(requests().remove({ server: plain(), admin }))).notices).toEqual([notice]);
  expect((await succeed(requests().remove({ admin }))).notices).toEqual([]);
});

describe('the maintenance database', () => {
  afterAll(async () => {
    await server.sql('GRANT CONNECT ON DATABASE postgres TO PUBLIC; ALTER DATABASE postgres OWNER TO master');
  });
  const advice = (cause: string, more = '') =>
    `${cause} The sql-runner creates roles in the maintenance database. Set maintenanceDatabase to a database that the administrator can connect to, such as a database that Datafold reads${more}.`;
  const connecting = (name: string) =>
    `Connecting to database "${name}" at localhost:${server.postgres.port} as "master" failed:`;

  test('is named in the error if it does not exist; another maintenance database works', async () => {
    const access = { maintenanceDatabase: 'no such' };
    const { message } = await fail(requests().apply({ access }));
    expect(message).toBe(
      `${connecting('no such')} database "no such" does not exist (3D000). ${advice('The database does not exist.')}`,
    );
    expect((await fail(requests().remove({ access }))).message).toBe(message);
    await succeed(requests().apply({ access: { maintenanceDatabase: 'app' } }));
    await succeed(requests().remove({ access: { maintenanceDatabase: 'app' } }));
  });

  test('is named in the error if the administrator may not connect to it', async () => {
    await server.sql(
      'REVOKE CONNECT ON DATABASE postgres FROM PUBLIC; ALTER DATABASE postgres OWNER TO rdsadmin',
    );
    expect((await fail(requests().apply())).message).toBe(
      `${connecting('postgres')} permission denied for database "postgres" (42501). ` +
        advice(
          'The administrator may not connect to the database.',
          ', or run GRANT CONNECT ON DATABASE "postgres" TO "master"',
        ),
    );
    await server.sql('GRANT CONNECT ON DATABASE "postgres" TO "master"');
    await succeed(requests().apply());
    await succeed(requests().remove());
  });
});

testEachSince<[string, number]>(
  [
    ['idle_session_timeout', 14],
    ['transaction_timeout', 17],
    ['idle_in_transaction_session_timeout', 10],
  ],
  ([, since]) => since,
)('%s of the admin ends no run, while it waits for its turn or for others', async (name) => {
  await server.sql(`ALTER ROLE master SET ${name} = '200ms'`);
  const holder = await server.connection('postgres');
  await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7233174018519133284)');
  setTimeout(() => void holder.query('ROLLBACK'), 1_000);
  const turn = { key: '1a2b3c4d5e', requestedAt: 1, invocation: 1 };
  await succeed(requests().apply({ turn }));
  await succeed(requests().remove({ turn }));
  await server.sql(`ALTER ROLE master RESET ${name}`);
});
