import type { PlanRequest } from '../../../lib/private/wire/sql';
import { createUnreachableOwner } from '../../support/postgres-server/rds';
import { catalogDump, writerDump } from '../../support/catalog-dump';
import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const plan = (): PlanRequest => ({ ...requestsTo(server.postgres).apply(), operation: 'plan' });

beforeAll(async () => {
  const superuser = await server.connection('postgres');
  await createUnreachableOwner(superuser, 'foreign_owner', server.postgres.versionNum);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('DROP ROLE IF EXISTS datafold, clerk, newcomer');
  // As on RDS: the administrator creates the roles and may grant membership in them.
  await server.sql('CREATE ROLE clerk; CREATE ROLE newcomer', 'postgres', server.postgres.admin);
  await server.sql(
    // Up to PostgreSQL 14, PUBLIC may create in the schema public.
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA sales AUTHORIZATION clerk; SET ROLE clerk; CREATE TABLE sales.orders (id int)',
    'app',
  );
});

test('lists all changes of a first apply to the role, without its password, and changes nothing', async () => {
  const before = await catalogDump(await server.connection('app'));
  const report = await succeed(plan());
  expect(report).toEqual({
    statements: 2,
    notices: [],
    planned: [
      { databaseName: 'postgres', statement: `CREATE ROLE "datafold" LOGIN PASSWORD '***'` },
      {
        databaseName: 'postgres',
        statement:
          'COMMENT ON ROLE "datafold" IS \'Made by cdk-datafold-postgres for stack "Analytics". Deleted with the stack; do not change this comment. [cdk-datafold-postgres {"origin":"k1","password":"k1","owners":[{"key":"k1","id":"id1","stackName":"Analytics","tempSchema":"datafold_tmp","futureTables":true,"d…',
      },
    ],
  });
  expect(await catalogDump(await server.connection('app'))).toBe(before);
});

test('plans and changes nothing after an apply', async () => {
  await succeed(requestsTo(server.postgres).apply());
  const observer = await server.connection('app');
  const before = await writerDump(observer);
  expect(await succeed(plan())).toMatchObject({ statements: 0, planned: [] });
  expect(await writerDump(observer)).toBe(before);
});

test('names each missing grant, including those that need a temporary membership, and grants none', async () => {
  await succeed(requestsTo(server.postgres).apply());
  await server.sql('REVOKE SELECT ON sales.orders FROM datafold', 'app');
  await server.sql(
    'CREATE SCHEMA fresh AUTHORIZATION newcomer; SET ROLE newcomer; CREATE TABLE fresh.things (id int)',
    'app',
  );
  const observer = await server.connection('app');
  const before = await writerDump(observer);
  const { planned } = await succeed(plan());
  expect(planned!.map(({ statement }) => statement)).toEqual([
    'SET LOCAL ROLE "newcomer"; GRANT USAGE ON SCHEMA "fresh" TO "datafold"; SET LOCAL ROLE NONE',
    'ALTER DEFAULT PRIVILEGES FOR ROLE "newcomer" IN SCHEMA "fresh" GRANT SELECT ON TABLES TO "datafold"',
    'SET LOCAL ROLE "clerk"; GRANT SELECT ON TABLE "sales"."orders" TO "datafold"; SET LOCAL ROLE NONE',
    'SET LOCAL ROLE "newcomer"; GRANT SELECT ON TABLE "fresh"."things" TO "datafold"; SET LOCAL ROLE NONE',
  ]);
  expect(await writerDump(observer)).toBe(before);
  await succeed(requestsTo(server.postgres).apply());
  expect(await succeed(plan())).toMatchObject({ statements: 0 });
});

test('plans no statement that the server refuses', async () => {
  await server.sql(
    'CREATE SCHEMA theirs AUTHORIZATION foreign_owner; SET ROLE foreign_owner; CREATE TABLE theirs.t (id int)',
    'app',
  );
  const access = { ...plan().access, onUnreadable: 'warn' } as const;
  await succeed(requestsTo(server.postgres).apply({ access }));
  expect((await succeed(requestsTo(server.postgres).apply({ access }))).statements).toBe(0);
  expect(await succeed({ ...plan(), access })).toMatchObject({ statements: 0, planned: [] });
});
