import type { AccessSpec } from '../../../../lib/private/wire/sql';
import { fc } from '../../../support/property';
import { ACCESS } from '../../../support/requests';
import { table, type Command } from './others';
import type { Servers } from './servers';

type Change = Pick<AccessSpec, 'databases' | 'futureTables' | 'tempSchema'>;

const change: fc.Arbitrary<Change> = fc.record({
  databases: fc
    .constantFrom({}, { schemas: ['s1'] }, { schemas: ['s1', 's2'] }, { excludeSchemas: ['s2'] })
    .map((schemas) => [{ databaseName: 'app', ...schemas }]),
  futureTables: fc.boolean(),
  tempSchema: fc.constantFrom('datafold_tmp', 'datafold_tmp', 'scratch'),
});

const specOf = (desired: Change): AccessSpec => ({ ...ACCESS, onUnreadable: 'warn', ...desired });

/** Returns whether the role should read `schema`. */
function covers({ databases: [{ schemas, excludeSchemas }] }: AccessSpec, schema: string): boolean {
  return schemas ? schemas.includes(schema) : !excludeSchemas?.includes(schema);
}

/** A successful run means readable: the report names each relation that the role cannot read. */
async function applyAndCheck(servers: Servers, access: AccessSpec, previous: AccessSpec | undefined) {
  const report = JSON.stringify(await servers.finish(servers.apply(access, previous)));
  const unnamed = (await servers.unreadable())
    .filter((relation) => covers(access, relation.split('.')[0]))
    .filter((relation) => !report.includes(relation) && !report.includes(quoted(relation)));
  if (unnamed.length > 0) throw new Error(`${unnamed.join()} can't be read, and no word of it: ${report}`);
}
const quoted = (relation: string) => JSON.stringify(relation.replace(/\w+/g, '"$&"')).slice(1, -1);

const apply = change.map((desired): Command => ({
  check: () => true,
  async run(model, servers) {
    const access = specOf(desired);
    await applyAndCheck(servers, access, model.applied);
    model.applied = access;
  },
  toString: () => `apply ${JSON.stringify(desired)}`,
}));

const applyIsKilled = change.map((desired): Command => ({
  check: () => true,
  async run(model, servers) {
    const access = specOf(desired);
    await servers.kill(servers.apply(access, model.applied));
    await applyAndCheck(servers, access, model.applied);
    model.applied = access;
  },
  toString: () => `apply, killed and run again: ${JSON.stringify(desired)}`,
}));

const removalIsKilled = fc.constant<Command>({
  check: (model) => model.applied !== undefined,
  async run(model, servers) {
    await servers.kill(servers.remove(model.applied!));
    await removeAndCompare(servers, model.applied!);
    model.applied = undefined;
  },
  toString: () => 'remove, killed and run again',
});

const remove = fc.constant<Command>({
  check: (model) => model.applied !== undefined,
  async run(model, servers) {
    await removeAndCompare(servers, model.applied!);
    model.applied = undefined;
  },
  toString: () => 'remove',
});

/** A removal is exact: the server is like the one that never had Datafold. */
export async function removeAndCompare(servers: Servers, access: AccessSpec): Promise<void> {
  await servers.finish(servers.remove(access));
  const [real, twin] = await servers.dumps();
  expect(real).toBe(twin);
}

const givenMore = fc
  .tuple(table, fc.constantFrom('SELECT', 'INSERT'), fc.boolean())
  .map(([name, privilege, passOn]): Command => ({
    check: (model) => model.applied !== undefined && model.tables.has(name),
    run: (_, servers) =>
      servers.onReal(`GRANT ${privilege} ON ${name} TO datafold${passOn ? ' WITH GRANT OPTION' : ''}`),
    toString: () => `somebody gives the role ${privilege} on ${name}${passOn ? ' to pass on' : ''}`,
  }));

/** Commands of this library, and commands of other roles on its role. */
export const ourCommands = [apply, apply, applyIsKilled, remove, removalIsKilled, givenMore];
