import { recordText } from '../../../lib/handler/sql-runner/role-record';
import { OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

// Whoever created an adopted role can write any record into its comment.
const server = withServer();
const requests = () => requestsTo(server.postgres);
const mallory = { user: 'mallory', password: 'm' };
const INJECTED = '-1; ALTER ROLE mallory SUPERUSER';
const adopted = { origin: 'k1', adopted: true, owners: [OWNER] };

beforeAll(async () => {
  await server.sql(`CREATE ROLE mallory LOGIN CREATEROLE PASSWORD 'm'`);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'postgres', mallory);
});
afterEach(async () => {
  await server.sql('DROP OWNED BY datafold; DROP ROLE datafold', 'app');
});

test.each([
  ['an original connection limit', { ...adopted, connectionLimit: INJECTED }],
  [
    'a limit of another owner',
    { ...adopted, owners: [OWNER, { ...OWNER, key: 'k2', connectionLimit: INJECTED }] },
  ],
  [
    'a timeout of another owner',
    { ...adopted, owners: [OWNER, { ...OWNER, key: 'k2', statementTimeout: INJECTED }] },
  ],
  [
    'schemas of another owner',
    {
      ...adopted,
      owners: [OWNER, { ...OWNER, key: 'k2', databases: [{ databaseName: 'app', schemas: 7 }] }],
    },
  ],
  ['a state', { ...adopted, state: INJECTED }],
])('%s with another type than a run writes is not used', async (_, record) => {
  const admin = server.postgres.superuser;
  const access = { adoptExisting: true, passwordIsGiven: true as const, connectionLimit: 5 };
  await succeed(requests().apply({ admin, access }));
  const comment = recordText(record as never);
  await server.sql(`COMMENT ON ROLE datafold IS ' ${comment.replaceAll("'", "''")}'`, 'postgres', mallory);
  await succeed(requests().remove({ admin, access }));
  await succeed(requests().apply({ admin, access }));
  await succeed(requests().remove({ admin, access }));
  const isSuperuser = `SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'`;
  expect(await server.sql(isSuperuser)).toEqual([{ rolsuper: false }]);
});
