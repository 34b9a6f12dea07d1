import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { createReachableOwner, createUnreachableOwner } from '../../../support/postgres-server/rds';
import { SOAK } from '../../../support/property';
import { withServer } from '../../../support/with-server';
import { setUpRealAccess } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const DATABASES = ['app', 'dwh', 'extra'];
const EXTRA = { databaseName: 'extra' };
const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<DatabaseAccessProperties>;
let properties: DatabaseAccessProperties;

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['owner', 'reader']) await createReachableOwner(admin, role);
  await createUnreachableOwner(
    await server.connection('postgres'),
    'foreign_owner',
    server.postgres.versionNum,
  );
});
beforeEach(async () => {
  for (const database of DATABASES) {
    await server.freshDatabase(database);
    await server.sql(
      `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC;
       CREATE SCHEMA shop AUTHORIZATION owner; SET ROLE owner; CREATE TABLE shop.items (id int);
       ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
       RESET ROLE; CREATE SCHEMA b AUTHORIZATION master; SET ROLE master; CREATE TABLE b.t (id int)`,
      database,
    );
  }
  environment = await TestEnvironment.start();
  properties = {
    ...setUpRealAccess(environment, server.postgres),
    databases: [{ databaseName: 'app' }, { databaseName: 'dwh', schemas: ['shop'] }],
  };
  resource = new StackResource(environment, 'Custom::DatafoldDatabaseAccess', 'Access');
});
afterEach(async () => environment.stop());

async function dump(): Promise<string[]> {
  const dumps: string[] = [];
  for (const database of DATABASES) dumps.push(await server.dump(database));
  return dumps;
}

/** The same server by another name. */
const alias = () => ({ server: { ...properties.server, host: '127.0.0.1' } });

/** The changes that touch most at once come first; `npm run test:soak` makes them all. */
const CHANGES: [string, () => Partial<DatabaseAccessProperties>][] = [
  [
    'host, temp schema, databases, schemas and default privileges',
    () => ({
      ...alias(),
      tempSchema: 'scratch',
      futureTables: 'false',
      databases: [{ databaseName: 'app', schemas: ['b'] }, EXTRA],
    }),
  ],
  ['role and temp schema', () => ({ roleName: 'lineage', tempSchema: 'scratch' })],
  ['host and databases', () => ({ ...alias(), databases: [{ databaseName: 'app' }, EXTRA] })],
  ['databases', () => ({ databases: [{ databaseName: 'dwh' }, EXTRA] })],
  ['temp schema, to one that is there', () => ({ adoptExisting: 'true', tempSchema: 'b' })],
  ['temp schema', () => ({ tempSchema: 'scratch' })],
  ['role', () => ({ roleName: 'lineage' })],
  ['host', alias],
  ['host and temp schema', () => ({ ...alias(), tempSchema: 'scratch' })],
  ['host and role', () => ({ ...alias(), roleName: 'lineage' })],
  [
    'schemas',
    () => ({ databases: [{ databaseName: 'app', excludeSchemas: ['shop'] }, { databaseName: 'dwh' }] }),
  ],
  ['default privileges', () => ({ futureTables: 'false' })],
];
test.each(SOAK ? CHANGES : CHANGES.slice(0, 5))(
  'a change of %s leaves nothing behind: done, undone, failed, done again, removed',
  async (_what, change) => {
    const untouched = await dump();
    await resource.create(properties);
    const before = await dump();
    const changed = { ...properties, ...change() };

    const previousId = resource.physicalId!;
    resource.physicalId = (await resource.updateTo(changed, properties, previousId)).PhysicalResourceId;
    await resource.rollBack(changed, properties, previousId);
    expect(resource.answers.filter(({ Status }) => Status === 'FAILED')).toEqual([]);
    expect(await dump()).toEqual(before);

    const last = changed.databases.at(-1)!;
    await server.sql(
      'CREATE SCHEMA theirs AUTHORIZATION foreign_owner; SET ROLE foreign_owner; CREATE TABLE theirs.t (id int)',
      last.databaseName,
    );
    const withTheirs = await dump();
    const unreadable = {
      ...last,
      schemas: [...(last.schemas ?? ['shop']), 'theirs'],
      excludeSchemas: undefined,
    };
    const failing = { ...changed, databases: [...changed.databases.slice(0, -1), unreadable] };
    expect((await resource.update(failing)).Status).toBe('FAILED');
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(await dump()).toEqual(withTheirs);
    await server.sql('DROP SCHEMA theirs CASCADE', last.databaseName);

    expect((await resource.update(changed)).Status).toBe('SUCCESS');
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(await dump()).toEqual(untouched);
  },
);
