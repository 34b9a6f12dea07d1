import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { SOAK } from '../../support/property';
import { ACCESS, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer({ settings: { max_connections: '200' } });
const CLIENTS = 12;
/** Many in a soak test, on one version of PostgreSQL. */
const ROUNDS = SOAK && !process.env.TEST_POSTGRES_FROM ? 240 : 8;

/** A statement that failed and was retried was not serialized by the lock. */
const errors = () => server.postgres.log().match(/^.*@app:.*:ERROR: .*$/gm) ?? [];

beforeAll(async () => {
  await createReachableOwner(await server.connection('postgres', server.postgres.admin), 'owner');
});

// A temporary membership in another owner is a lock too, and would hide a missing one.
test.each([
  [ROUNDS, 'master'],
  [4, 'owner'],
])(
  `${CLIENTS} applies of different roles to one server at the same time, %i rounds, tables of %s: no failure`,
  async (rounds, owner) => {
    await server.freshDatabase('app');
    await server.sql(
      `CREATE SCHEMA a AUTHORIZATION ${owner}; CREATE SCHEMA b AUTHORIZATION ${owner}; SET ROLE ${owner}; CREATE TABLE a.t (id int); CREATE TABLE b.t (id int)`,
      'app',
    );
    const atFirst = await server.dump('app');
    const { apply, remove } = requestsTo(server.postgres);
    const common = { server: { ...apply().server, host: '127.0.0.1', tls: 'disable' as const } };
    const clients = Array.from({ length: CLIENTS }, (_, client) => ({
      owner: { key: `key ${client}`, id: 'id', stackName: `Stack ${client}` },
      access: { roleName: `role ${client}`, tempSchema: `tmp ${client}` },
    }));
    const failures: string[] = [];
    let statements = 0;
    for (let round = 0; round < rounds; round += 1) {
      // Every run grants one schema and revokes the other, in the same catalog rows.
      const read = (schema: string) => ({ databases: [{ databaseName: 'app', schemas: [schema] }] });
      const [now, before] = round % 2 ? ['a', 'b'] : ['b', 'a'];
      await Promise.all(
        clients.map(async (client) => {
          const access = { ...client.access, ...read(now) };
          const previous = { ...ACCESS, ...client.access, ...read(before) };
          const answer = await handler(apply({ ...common, ...client, access, previous }));
          if (!answer.ok) failures.push(`${answer.error.code} ${answer.error.message}`);
          else statements += answer.report.statements;
        }),
      );
    }
    expect(failures).toEqual([]);
    expect(errors()).toEqual([]);
    expect(statements).toBeGreaterThanOrEqual(CLIENTS * rounds * 4);
    await Promise.all(clients.map((client) => succeed(remove({ ...common, ...client }))));
    expect(await server.dump('app')).toBe(atFirst);
  },
  600_000,
);
