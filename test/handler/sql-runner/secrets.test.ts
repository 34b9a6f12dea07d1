import { handler } from '../../../lib/handler/sql-runner';
import { requestsTo } from '../../support/requests';
import { withServer } from '../../support/with-server';

// Everything is logged that can be, statements that fail too.
const server = withServer({
  settings: {
    log_statement: 'all',
    log_min_messages: 'debug1',
    log_min_error_statement: 'debug5',
    log_connections: 'on',
  },
});

test('no password appears in any output or in the log of the server, whatever fails', async () => {
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
  expect(server.postgres.log()).toContain('SCRAM-SHA-256$'); // the log holds the statements that would leak
  for (const line of written) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
