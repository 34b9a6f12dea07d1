import type { AccessSpec, Owner } from '../../../lib/private/wire/sql';
import { SOAK } from '../../support/property';
import { ACCESS, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const ID = 'datafold-access/shop.example.com:5432/datafold';
const OWNERS: Record<'A' | 'B', Owner> = {
  A: { key: 'a1', id: ID, stackName: 'A' },
  B: { key: 'b1', id: ID, stackName: 'B' },
};
const DATABASES = ['app', 'dwh'];

type Access = Partial<AccessSpec>;
const START: Access = { adoptExisting: true, passwordIsGiven: true, onUnreadable: 'warn' };
const app = (more: object) => ({ databases: [{ databaseName: 'app', ...more }] });
const CHANGES: Record<string, Access> = {
  'a database more': { databases: DATABASES.map((databaseName) => ({ databaseName })) },
  'another database': { databases: [{ databaseName: 'dwh' }] },
  'one schema': app({ schemas: ['hr'] }),
  'a schema less': app({ excludeSchemas: ['hr'] }),
  'a table less': app({ excludeTables: ['hr.people'] }),
  'no later tables': { futureTables: false },
  'another temp schema': { tempSchema: 'scratch' },
  'a timeout': { statementTimeout: 60_000 },
  'a limit': { connectionLimit: 9 },
};
const NAMES = Object.keys(CHANGES);
const PAIRS = NAMES.flatMap((a) => NAMES.map((b) => [a, b] as const));
const isFollowing = ([a, b]: readonly [string, string]) =>
  NAMES.indexOf(b) === (NAMES.indexOf(a) + 1) % NAMES.length;

const spec = (change: Access): AccessSpec => ({ ...ACCESS, ...START, ...change });
const apply = (who: 'A' | 'B', change: Access, previous?: Access) =>
  succeed(
    requests().apply({
      owner: OWNERS[who],
      access: spec(change),
      ...(previous && { previous: spec(previous) }),
    }),
  );
const remove = (who: 'A' | 'B', change: Access) =>
  succeed(requests().remove({ owner: OWNERS[who], access: spec(change) }));
const dump = async () => (await Promise.all(DATABASES.map((name) => server.dump(name)))).join('\n');

beforeAll(async () => {
  for (const name of DATABASES) {
    await server.freshDatabase(name);
    await server.sql(
      `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC; CREATE SCHEMA shop CREATE TABLE items (id int);
       CREATE SCHEMA hr CREATE TABLE people (id int)`,
      name,
      server.postgres.admin,
    );
  }
});

afterEach(async () => {
  if (!(await server.roleExists('datafold'))) return;
  for (const who of ['A', 'B'] as const) await remove(who, CHANGES['a database more']); // after a failure
});

/** In `npm test` each change with the one after it; in a soak all pairs. */
test.each(SOAK ? PAIRS : PAIRS.filter(isFollowing))(
  'one owner gets %s and the other %s: neither takes what the other needs, and the catalog comes back',
  async (a, b) => {
    const [changeA, changeB] = [CHANGES[a], CHANGES[b]];
    const before = await dump();
    await apply('A', {});
    await apply('B', {});
    const both = await dump();
    await apply('A', changeA, {});
    expect((await apply('B', {})).statements).toBe(0);
    await apply('B', changeB, {});
    expect((await apply('A', changeA)).statements).toBe(0);
    await apply('A', {}, changeA);
    expect((await apply('B', changeB)).statements).toBe(0);
    await apply('B', {}, changeB);
    expect(await dump()).toBe(both);
    await apply('A', changeA, {});
    await apply('B', changeB, {});
    await remove('A', changeA);
    expect((await apply('B', changeB)).statements).toBe(0);
    await remove('A', changeA); // a second delivery
    expect((await apply('B', changeB)).statements).toBe(0);
    await remove('B', changeB);
    expect(await dump()).toBe(before);
  },
);
