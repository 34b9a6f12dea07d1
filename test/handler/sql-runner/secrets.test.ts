import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import type { AccessRequest } from '../../../lib/private/wire/sql';
import { errorMessage, plainServer } from '../../support/plain-server';
import { requestsTo } from '../../support/requests';
import { fail, withServer } from '../../support/with-server';

// The server logs everything, including failed statements.
const server = withServer({
  settings: {
    log_statement: 'all',
    log_min_messages: 'debug1',
    log_min_error_statement: 'debug5',
    log_connections: 'on',
  },
});

test('no password appears in any output or in the log of the server after any failure', async () => {
  const written: string[] = [];
  for (const stream of ['log', 'error', 'warn', 'info'] as const) {
    jest.spyOn(console, stream).mockImplementation((...line: unknown[]) => void written.push(line.join(' ')));
  }
  await server.freshDatabase('app');
  const { apply, remove, verify } = requestsTo(server.postgres);
  const passwords = ['first S3cret', `second'S3cret`, 'wrong S3cret'];
  const admin = { user: 'master', password: passwords[2] };
  for (const request of [
    apply({ password: passwords[0] }),
    apply({ password: passwords[1] }),
    verify({ password: passwords[0] }),
    apply({ password: passwords[1], access: { databases: [{ databaseName: 'app', schemas: ['nope'] }] } }),
    apply({ admin }),
    apply({ access: { roleName: 'rds_superuser' } }),
    apply({ password: passwords[0], access: { maintenanceDatabase: 'nope', roleName: 'new' } }),
    remove({ admin }),
    remove(),
  ]) {
    written.push(JSON.stringify(await handler(request, { getRemainingTimeInMillis: () => 20_000 })));
  }
  const everything = written.join('\n') + server.postgres.log();
  const secrets = [...passwords, server.postgres.admin.password];
  const spellings = secrets.flatMap((secret) => [
    secret,
    secret.replaceAll("'", "''"),
    encodeURIComponent(secret),
  ]);
  expect(spellings.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(written.join('\n')).not.toContain('SCRAM-SHA-256$');
  expect(server.postgres.log()).toContain('SCRAM-SHA-256$'); // the log contains the statements that could leak
  for (const line of written) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

const admin = { user: 'someone', password: 'its S3cret' };
const role = { roleName: 'datafold', password: 'new S3cret' };
const place = { databaseName: 'app', maintenanceDatabase: 'postgres', tempSchema: 'datafold_tmp' };

test.each<[string, string, object]>([
  ['apply', 'its S3cret or new S3cret', { admin, ...role }],
  ['set-password', 'its S3cret or new S3cret', { admin, ...role, ...place }],
  ['prove', 'its S3cret or its S3cret', { login: admin, ...place, marker: 'm' }],
])('%s reports what a server says without the passwords of the request', async (operation, said, more) => {
  const talkative = await plainServer((socket) =>
    socket.once('data', () => socket.end(errorMessage('3D000', said))),
  );
  const at = { host: '127.0.0.1', port: talkative.port, tls: 'disable' as const };
  const request = { ...requestsTo(server.postgres).apply(), ...more, operation, server: at };
  const error = await fail(request as AccessRequest);
  await talkative.stop();
  expect(error.message).toMatch(/^Connecting to database .* failed: \*\*\* or \*\*\* \(3D000\)\. /);
});
