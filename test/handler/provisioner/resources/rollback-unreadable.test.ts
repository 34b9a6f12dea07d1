import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import { createUnreachableOwner } from '../../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { withServer } from '../../../support/with-server';
import { ADMIN_SECRET, PASSWORD_SECRET, PROPERTIES } from '../support/access';
import { useRealSqlRunner } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { World } from '../support/world';

const server = withServer();
let world: World;

beforeAll(async () => {
  await createUnreachableOwner(
    await server.connection('postgres'),
    'foreign_owner',
    server.postgres.versionNum,
  );
  await server.freshDatabase('app');
});
beforeEach(async () => {
  world = await World.start();
  useRealSqlRunner(world);
});
afterEach(async () => world.stop());

test('a table that the admin can not grant ends an update, but not its rollback, which undoes the rest', async () => {
  const { user, password } = server.postgres.admin;
  world.secrets.add(ADMIN_SECRET, JSON.stringify({ username: user, password }));
  world.secrets.add(PASSWORD_SECRET, world.secret(PASSWORD));
  const { host, port, caCertificate } = requestsTo(server.postgres).apply().server;
  const properties: DatabaseAccessProperties = {
    ...PROPERTIES,
    server: { host, port: String(port), tls: 'verify-full', caCertificate },
  };
  const resource = new StackResource<DatabaseAccessProperties>(
    world,
    'Custom::DatafoldDatabaseAccess',
    'Access',
  );
  await resource.create(properties);
  await server.sql('CREATE SCHEMA theirs AUTHORIZATION foreign_owner', 'app');
  await server.sql('SET ROLE foreign_owner; CREATE TABLE theirs.orders (id int)', 'app');

  const answer = await resource.update({ ...properties, tempSchema: 'scratch' });

  const unreadable =
    'GRANT USAGE ON SCHEMA "theirs" TO "datafold"; GRANT SELECT ON TABLE "theirs"."orders" TO "datafold";';
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason:
      'Database "app": 1 object stays unreadable for "datafold", because the admin may not act as their owners (42501). ' +
      `Let the owners run the statements, or set unreadable to WARN: "theirs"."orders" of "foreign_owner" (${unreadable})`,
  });
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: {
      Unreadable: '1',
      ConnectionStep: 'ok',
      TempSchemaStep: 'ok',
      SchemaDownloadStep:
        "failed: app: 0 of 1 relations in 2 schemas can be read, 1 of them can't be looked into.",
    },
  });
  expect(await server.schemaExists('scratch', 'app')).toBe(false);
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
  await resource.remove();
});
