import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { createUnreachableOwner } from '../../../support/postgres-server/rds';
import { PASSWORD } from '../../../support/requests';
import { withServer } from '../../../support/with-server';
import { setUpRealAccess } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<DatabaseAccessProperties>;
let properties: DatabaseAccessProperties;

beforeAll(async () =>
  createUnreachableOwner(await server.connection('postgres'), 'foreign_owner', server.postgres.versionNum),
);
beforeEach(async () => {
  await server.freshDatabase('app');
  environment = await TestEnvironment.start();
  properties = { ...setUpRealAccess(environment, server.postgres), removalPolicy: 'retain' };
  resource = new StackResource(environment, 'Custom::DatafoldDatabaseAccess', 'Access');
});
afterEach(async () => {
  await environment.stop();
  await server.sql('DROP OWNED BY datafold CASCADE', 'app');
  await server.sql('DROP ROLE datafold');
});

/** A table that stays unreadable makes every later Create fail. */
const closeATable = async () =>
  server.sql(
    'CREATE SCHEMA theirs AUTHORIZATION foreign_owner; SET ROLE foreign_owner; CREATE TABLE theirs.t (id int)',
    'app',
  );

test('a retained role survives a later Create that fails', async () => {
  await resource.create(properties);
  await server.sql('CREATE TABLE datafold_tmp.work (id int)', 'app', {
    user: 'datafold',
    password: PASSWORD,
  });
  await resource.remove();
  await closeATable();
  const answer = await resource.create(properties);
  expect(answer.Reason).toMatch(
    /1 object stays unreadable .* The role existed before, from an earlier deployment of this resource, and is kept\.$/,
  );
  expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS', 'FAILED', 'SUCCESS']);
  await server.sql('SELECT * FROM datafold_tmp.work', 'app', { user: 'datafold', password: PASSWORD });
});

test('a failed Create keeps nothing that it created, whatever the removal policy', async () => {
  await closeATable();
  await resource.create(properties);
  expect(resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
  expect(await server.roleExists('datafold')).toBe(false);
  await server.sql('CREATE ROLE datafold');
});

test('an adopted and retained role survives a refused Create', async () => {
  await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'postgres', server.postgres.admin);
  expect((await resource.create({ ...properties, adoptExisting: 'true' })).Status).toBe('SUCCESS');
  await resource.remove();
  const before = await server.dump('app');
  expect((await resource.create(properties)).Reason).toMatch(
    /already exists, and this stack did not create it/,
  );
  expect(await server.dump('app')).toBe(before);
});
