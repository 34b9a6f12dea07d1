import { TLSSocket } from 'node:tls';
import { explain, failure } from '../../../lib/handler/sql-runner/errors';
import { requestsTo } from '../../support/requests';
import { errorMessage, plainServer } from '../../support/plain-server';
import { certificateFor } from '../../support/postgres-server/certificate';
import { freePort } from '../../support/postgres-server/cluster';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer({
  hba: ['host all md5_only 127.0.0.1/32 md5', 'hostnossl tls_only all 127.0.0.1/32 reject'],
});
const requests = () => requestsTo(server.postgres);
const at = (change: object) => ({ server: { ...requests().apply().server, ...change } });

beforeAll(() => server.freshDatabase('app'));

test('fails immediately for a wrong password of the administrator', async () => {
  const admin = { user: 'master', password: 'wrong one' };
  const started = Date.now();
  expect(await fail(requests().apply({ admin }))).toEqual({
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "master" failed: password authentication failed for user "master" (28P01). The password is wrong. Set the current password in the secret.`,
    code: '28P01',
    retryable: false,
  });
  expect(Date.now() - started).toBeLessThan(15_000);
});

test('fails immediately for an unknown database, and changes nothing', async () => {
  const access = { databases: [{ databaseName: 'app' }, { databaseName: 'no such' }] };
  expect(await fail(requests().apply({ access }))).toEqual({
    message: `Connecting to database "no such" at localhost:${server.postgres.port} as "master" failed: database "no such" does not exist (3D000). The database does not exist. Correct the database name or create it first.`,
    code: '3D000',
    retryable: false,
  });
  expect(await server.roleExists('datafold')).toBe(false);
});

test('fails immediately for a certificate of an untrusted authority', async () => {
  const error = await fail(requests().apply(at({ caCertificate: undefined })));
  expect(error).toEqual({
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "master" failed: unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE). The server's certificate is not signed by a trusted authority. Set caCertificate to the certificate of its authority.`,
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    retryable: false,
  });
});

test.each([
  ['localhost', "Host: localhost. is not in the cert's altnames: DNS:db.example.com"],
  ['127.0.0.1', "IP: 127.0.0.1 is not in the cert's list: "],
])('fails at once for a certificate of another host than %s', async (host, why) => {
  const { key, certificate: cert, ca } = await certificateFor(['db.example.com']);
  const other = await plainServer((socket) =>
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => undefined);
    }),
  );
  const error = await fail(requests().apply(at({ host, port: other.port, caCertificate: ca })), 4_000);
  await other.stop();
  expect(error).toEqual({
    message: `Connecting to database "app" at ${host}:${other.port} as "master" failed: Hostname/IP does not match certificate's altnames: ${why} (ERR_TLS_CERT_ALTNAME_INVALID). The server's certificate is for another host. Use the host name in the certificate.`,
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    retryable: false,
  });
});

test('fails for a server without TLS instead of sending a password in plain text', async () => {
  const plain = await plainServer((socket) => socket.once('data', () => socket.end('N')));
  const error = await fail(requests().apply(at({ port: plain.port })));
  await plain.stop();
  expect(error).toEqual({
    message: `Connecting to database "app" at localhost:${plain.port} as "master" failed: The server does not support SSL connections (NO_TLS). The server offers no TLS. Enable TLS on the server, or disable it for this server.`,
    code: 'NO_TLS',
    retryable: false,
  });
});

test('retries while a server does not listen, and returns a retryable error', async () => {
  const port = await freePort();
  const started = Date.now();
  expect(await fail(requests().apply(at({ host: '127.0.0.1', port })), 2_000)).toEqual({
    message: `Connecting to database "app" at 127.0.0.1:${port} as "master" failed: connect ECONNREFUSED 127.0.0.1:${port} (ECONNREFUSED). Nothing listens on the port: the port is wrong, or the server is down. Check host and port, and that the security group of the database allows connections from the sql-runner.`,
    code: 'ECONNREFUSED',
    retryable: true,
  });
  expect(Date.now() - started).toBeGreaterThan(100); // the shortest pause before a retry
  expect(Date.now() - started).toBeLessThan(15_000);
});

test('waits for a server that never responds no longer than the time of the run', async () => {
  const silent = await plainServer(() => undefined);
  const error = await fail(requests().apply(at({ port: silent.port })), 1_000);
  await silent.stop();
  expect(error).toEqual({
    message: `Connecting to database "app" at localhost:${silent.port} as "master" failed: timeout (ETIMEDOUT). No response: the server is paused, or the network blocks the connection. Check host and port, and that the security group of the database allows connections from the sql-runner.`,
    code: 'ETIMEDOUT',
    retryable: true,
  });
});

test.each([
  ['57P03', 'the database system is starting up'],
  ['53300', 'sorry, too many clients already'],
])('connects again after %s (%s)', async (code, message) => {
  let refusals = 2;
  const { port } = server.postgres;
  const { connect } = await import('node:net');
  const flaky = await plainServer((socket) => {
    if (refusals-- > 0) {
      socket.once('data', () => socket.end(errorMessage(code, message)));
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    socket.on('close', () => upstream.destroy());
    upstream.on('error', () => undefined);
  });
  await succeed(requests().apply(at({ port: flaky.port, tls: 'disable' })));
  await succeed(requests().remove());
  await flaky.stop();
  expect(refusals).toBeLessThan(0);
});

test('reports a server that accepts only MD5 passwords', async () => {
  const md5 = await plainServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([82, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4]));
      socket.once('data', () =>
        socket.end(errorMessage('28P01', 'password authentication failed for user "datafold"')),
      );
    });
  });
  const error = await fail(requests().verify(at({ port: md5.port, tls: 'disable' })));
  await md5.stop();
  expect(error.message).toBe(
    `Connecting to database "app" at localhost:${md5.port} as "datafold" failed: password authentication failed for user "datafold" (28P01). ` +
      'The password is wrong, or the server accepts only MD5 passwords, which a role with a SCRAM-SHA-256 verifier does not have. Check the secret, and allow scram-sha-256 in pg_hba.conf.',
  );
});

test('explains rds.restrict_password_commands', () => {
  const refused = Object.assign(new Error('must be a member of rds_password to alter passwords'), {
    code: '42501',
  });
  expect(explain(refused, 'Setting up role "datafold"').message).toBe(
    'Setting up role "datafold" failed: must be a member of rds_password to alter passwords (42501). ' +
      'rds.restrict_password_commands is on. Run GRANT rds_password TO the administrator, or turn the parameter off, and deploy again.',
  );
});

test('reports an administrator that may not create roles', async () => {
  await server.sql(`CREATE ROLE weak LOGIN PASSWORD 'weak'`);
  const error = await fail(requests().apply({ admin: { user: 'weak', password: 'weak' } }));
  expect(error.message).toMatch(
    /^Setting up role "datafold" failed: permission denied to create role \(42501\)\. The administrator lacks a privilege\. Use the master user of the server, or ask the owner of the object to grant the privilege\.$/,
  );
});

test.each([
  ['role', 'ALTER ROLE few CONNECTION LIMIT 0', 'role "few"'],
  ['database', 'ALTER DATABASE app CONNECTION LIMIT 0', 'database "app"'],
])('names the CONNECTION LIMIT of a %s, and says that a retry may succeed', async (_what, sql, limited) => {
  await server.sql(`DROP ROLE IF EXISTS few; CREATE ROLE few LOGIN PASSWORD 'a secret'; ${sql}`);
  const error = await fail(requests().apply({ admin: { user: 'few', password: 'a secret' } }), 1_000);
  await server.sql('ALTER DATABASE app CONNECTION LIMIT -1');
  expect(error).toEqual({
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "few" failed: too many connections for ${limited} (53300). The CONNECTION LIMIT is used up. Raise the limit (ALTER … CONNECTION LIMIT), or close sessions.`,
    code: '53300',
    retryable: true,
  });
});

test('fails immediately for a database that accepts no connections', async () => {
  await server.sql('ALTER DATABASE app ALLOW_CONNECTIONS false');
  const error = await fail(requests().apply());
  await server.sql('ALTER DATABASE app ALLOW_CONNECTIONS true');
  expect(error).toEqual({
    message: `Connecting to database "app" at localhost:${server.postgres.port} as "master" failed: database "app" is not currently accepting connections (55000). The database does not accept connections. Run ALTER DATABASE … ALLOW_CONNECTIONS true, or leave the database out.`,
    code: '55000',
    retryable: false,
  });
});

test('waits for a lock no longer than the time of the run', async () => {
  const holder = await server.connection('postgres');
  await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7233174018519133284)');
  const error = await fail(requests().apply(), 2_000);
  await holder.query('ROLLBACK');
  expect(error).toMatchObject({ code: '55P03', retryable: true });
  expect(error.message.replaceAll(/\b\d{3,}\b/g, 'PID')).toBe(
    'Waiting for other runs of this library in database "postgres" failed: session PID of "rdsadmin" held the lock for too long (55P03). Deploy again later. To end the session: SELECT pg_terminate_backend(PID);',
  );
});

test('returns an error for an unknown operation', async () => {
  const request = { ...requests().apply(), operation: 'explode' } as never;
  expect(await fail(request)).toEqual({
    message: 'The run failed: unknown operation explode.',
    retryable: false,
  });
});

test('keeps messages under 1 kB and secrets out of them', () => {
  const long = failure(new Error(`${'ü'.repeat(700)} s3cret`), ['s3cret']);
  expect(Buffer.byteLength(long.message)).toBeLessThanOrEqual(1_000);
  expect(failure(new Error('it was s3cret'), ['s3cret', '']).message).toBe('The run failed: it was ***.');
});
