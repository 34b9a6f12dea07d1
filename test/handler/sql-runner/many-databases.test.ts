import { inParallel, workersFor } from '../../../lib/handler/sql-runner/work/in-parallel';
import { writerDump } from '../../support/catalog-dump';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const NAMES = Array.from({ length: 9 }, (_, index) => `app${index}`);
const databases = NAMES.map((databaseName) => ({ databaseName }));
const requests = () => requestsTo(server.postgres);
const apply = () => succeed(requests().apply({ access: { databases } }));
const datafold = { user: 'datafold', password: PASSWORD };

beforeAll(async () => {
  await server.sql(
    'CREATE ROLE writer LOGIN; CREATE ROLE team; GRANT team TO writer',
    'postgres',
    server.postgres.admin,
  );
  for (const name of NAMES) {
    await server.freshDatabase(name);
    await server.sql('CREATE TABLE one (id int)', name, server.postgres.admin);
  }
});
afterEach(() => succeed(requests().remove({ access: { databases } })));

const dumps = async () => {
  const all: string[] = [];
  for (const name of NAMES) {
    const client = await server.postgres.connect(server.postgres.superuser, name);
    all.push(await writerDump(client));
    await client.end();
  }
  return all;
};

test('an apply without changes writes to none of many databases, and reports them in their order', async () => {
  const first = await apply();
  expect(first.databases.map((database) => database.databaseName)).toEqual(NAMES);
  const before = await dumps();
  const again = await apply();
  expect(again.statements).toBe(0);
  expect(again.databases.map((database) => [database.databaseName, database.relations])).toEqual(
    NAMES.map((name) => [name, 1]),
  );
  expect(await dumps()).toEqual(before);
});

test('only what is missing in one of many databases is written', async () => {
  await apply();
  await server.sql(
    'CREATE TABLE two (id int); REVOKE SELECT ON two FROM datafold',
    'app7',
    server.postgres.admin,
  );
  expect((await apply()).statements).toBe(1);
  await server.sql('SELECT * FROM two', 'app7', datafold);
});

test('nothing is written to any database if the desired access is impossible in the last one', async () => {
  await apply();
  await server.sql('DROP SCHEMA datafold_tmp CASCADE; CREATE SCHEMA datafold_tmp', 'app8');
  await server.sql(
    'CREATE TABLE three (id int); REVOKE SELECT ON three FROM datafold',
    'app0',
    server.postgres.admin,
  );
  expect((await fail(requests().apply({ access: { databases } }))).message).toContain('app8');
  await expect(server.sql('SELECT * FROM three', 'app0', datafold)).rejects.toThrow('permission denied');
  await server.sql('DROP SCHEMA datafold_tmp', 'app8');
});

test('notices come in the order of the databases', async () => {
  for (const name of NAMES)
    await server.sql(
      'CREATE SCHEMA shared; GRANT CREATE ON SCHEMA shared TO team',
      name,
      server.postgres.admin,
    );
  await apply();
  const { notices } = await apply();
  const named = notices.map((notice) => /^Database "(\w+)"/.exec(notice)?.[1]);
  expect([...new Set(named)]).toEqual(NAMES); // up to PostgreSQL 14, two of each: PUBLIC may create in the schema public
  for (const name of NAMES) await server.sql('DROP SCHEMA shared', name);
});

test('a connection limit of the role is respected', async () => {
  await apply();
  await server.sql('ALTER ROLE datafold CONNECTION LIMIT 2');
  expect((await apply()).statements).toBe(0);
  expect(server.postgres.log()).not.toContain('too many connections');
});

test.each([
  [{ maxConnections: 1000, ofRoles: null }, 4],
  [{ maxConnections: 60, ofRoles: null }, 3],
  [{ maxConnections: 10, ofRoles: null }, 1],
  [{ maxConnections: 1000, ofRoles: 5 }, 2],
  [{ maxConnections: 1000, ofRoles: 0 }, 1],
])('with %j, %d databases are worked on at a time', (limits, workers) => {
  expect(workersFor(limits)).toBe(workers);
});

test('parallel work is bounded, keeps the order of its results, and stops after an error when running work has ended', async () => {
  let [now, most, ended] = [0, 0, 0];
  const work = async (item: number) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, item * 20));
    now -= 1;
    ended += 1;
    if (item === 5) throw new Error('five');
    return item * 10;
  };
  expect(await inParallel([1, 2, 3, 4], 3, work)).toEqual([10, 20, 30, 40]);
  expect(most).toBe(3);
  ended = 0;
  await expect(inParallel([6, 5, 4, 3, 1, 2], 2, work)).rejects.toThrow('five');
  expect([now, ended]).toEqual([0, 2]);
  expect(await inParallel([], 3, work)).toEqual([]);
});
