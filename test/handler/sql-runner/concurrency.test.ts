import { handler } from '../../../lib/handler/sql-runner';
import { ACCESS, requestsTo } from '../../support/requests';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { succeed, withServer } from '../../support/with-server';

const server = withServer({ settings: { max_connections: '200' } });
const CLIENTS = 12;
const ROUNDS = process.env.TEST_POSTGRES_FROM ? 6 : 120;

test(`${CLIENTS} applies of different roles to one server at the same time, ${ROUNDS} rounds: no failure`, async () => {
  await createReachableOwner(await server.connection('postgres', server.postgres.admin), 'owner');
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA a AUTHORIZATION owner; CREATE SCHEMA b AUTHORIZATION owner; SET ROLE owner; CREATE TABLE a.t (id int); CREATE TABLE b.t (id int)',
    'app',
  );
  const before = await server.dump('app');
  const { apply, remove } = requestsTo(server.postgres);
  const common = { server: { ...apply().server, host: '127.0.0.1', tls: 'disable' as const } };
  const clients = Array.from({ length: CLIENTS }, (_, client) => ({
    owner: { key: `key ${client}`, id: 'id', stackName: `Stack ${client}` },
    access: { roleName: `role ${client}`, tempSchema: `tmp ${client}` },
  }));
  const failures: string[] = [];
  let statements = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    // Every round grants one schema and takes the other away, in the same catalog rows for all.
    const databases = [{ databaseName: 'app', schemas: [round % 2 ? 'a' : 'b'] }];
    await Promise.all(
      clients.map(async ({ owner, access }) => {
        const answer = await handler(
          apply({ ...common, owner, access: { ...ACCESS, ...access, databases } }),
        );
        if (!answer.ok) failures.push(`${answer.error.code} ${answer.error.message}`);
        else statements += answer.report.statements;
      }),
    );
  }
  expect(failures).toEqual([]);
  expect(statements).toBeGreaterThanOrEqual(CLIENTS * ROUNDS * 4);
  await Promise.all(clients.map((client) => succeed(remove({ ...common, ...client }))));
  expect(await server.dump('app')).toBe(before);
}, 300_000);
