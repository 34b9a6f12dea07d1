import { rounds } from '../../support/property';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { MANNERS, OWNERS, randomSchemas } from '../../support/random-schemas';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const access = { onUnreadable: 'warn' } as const;
const ROWS = 9;
/** SEED=n repeats one seed. */
const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: rounds(1) }, (_, i) => i + 1);

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const owner of OWNERS) await createReachableOwner(admin, owner);
  await server.sql('GRANT bob TO ann; ALTER ROLE cy BYPASSRLS');
  await server.freshDatabase('app');
  await succeed(requests().apply({ access })); // policies name the role
});

/** The result of a SELECT as the role, for each relation. */
async function readAll(relations: readonly string[]) {
  const client = await server.postgres.connect({ user: 'datafold', password: PASSWORD }, 'app');
  const results = new Map<string, string>();
  for (const relation of relations) {
    const rows = client.query(`SELECT * FROM ${relation}`).then(
      ({ rowCount }) => (rowCount === ROWS ? 'all rows' : 'some rows'),
      () => 'fails',
    );
    results.set(relation, await rows);
  }
  await client.end();
  return results;
}

describe.each(MANNERS)('the schemas of $name, with random owners', (manner) => {
  test.each(SEEDS)('are readable exactly as the verification reports (seed %i)', async (seed) => {
    await server.freshDatabase('app');
    const { statements, relations } = randomSchemas(manner, seed, server.postgres.versionNum);
    await server.sql(statements.join(';\n'), 'app');
    await succeed(requests().apply({ access }));
    const [report] = (await succeed(requests().verify({ access }))).databases;
    const truth = await readAll(relations);

    const named = (list: readonly { relation: string }[] = []) =>
      new Set(list.map(({ relation }) => relation.split(' of ')[0].replaceAll('"', '')));
    const failing = new Set([...named(report.failing), ...named(report.unreadable)]);
    const [filtered, unproven] = [named(report.filtered), named(report.unproven)];
    expect(report.relations).toBe(relations.length);
    const lies = relations.filter((relation) => {
      const [name, result] = [relation.replaceAll('"', ''), truth.get(relation)];
      if (failing.has(name)) return result === 'all rows'; // where policies hide all rows, a function that fails is not called
      if (filtered.has(name) || unproven.has(name)) return false;
      return result !== 'all rows';
    });
    expect(lies.map((relation) => [relation, truth.get(relation)])).toEqual([]);
  });
});
