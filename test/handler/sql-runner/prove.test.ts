import type { ProveRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();

const request = (change: Partial<ProveRequest> = {}): ProveRequest => ({
  operation: 'prove',
  server: requestsTo(server.postgres).remove().server,
  login: { user: 'datafold', password: PASSWORD },
  databaseName: 'app',
  tempSchema: 'datafold_tmp',
  marker: 'lineage_proof_1a2b',
  ...change,
});

beforeAll(async () => {
  await server.freshDatabase('app');
  await succeed(requestsTo(server.postgres).apply());
});

test('leaves a CREATE TABLE AS in the log, and no table', async () => {
  const report = await succeed(request());
  expect(report).toEqual({ logStatement: 'mod' });
  expect(server.postgres.log()).toMatch(
    /:datafold@app:.*statement: CREATE TABLE "datafold_tmp"\."lineage_proof_1a2b" AS SELECT 1 AS proof/,
  );
  expect(await server.sql("SELECT relname FROM pg_class WHERE relname ~ 'lineage_proof'", 'app')).toEqual([]);
});

test('says which value of log_statement is in effect for the role', async () => {
  await server.sql('ALTER ROLE datafold IN DATABASE app SET log_statement = none');
  expect((await succeed(request())).logStatement).toBe('none');
  await server.sql('ALTER ROLE datafold IN DATABASE app RESET log_statement');
});

test('a role that may not write in the temp schema gets an error', async () => {
  await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'app'); // which it has up to PostgreSQL 14
  expect(await fail(request({ tempSchema: 'public' }))).toMatchObject({
    code: '42501',
    message: expect.stringMatching(
      /^Creating table "public"\."lineage_proof_1a2b" in database "app" as "datafold" failed: permission denied for schema public/,
    ),
  });
});
