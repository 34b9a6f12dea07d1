import type { StackResource } from '../support/stack';
import type { StatementLoggingProperties } from '../../../../lib/private/wire/resources';
import { Account } from './account';
import { FAMILY, KINDS, properties, type Kind } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind: Kind) => {
  const ID = kind === 'cluster' ? 'DbClusterResourceId' : 'DbiResourceId';
  const request = (identifier: string) => ({ ...properties(kind), identifier });
  const stateOf = (identifier: string) => {
    const { group, exports, tags } = server(identifier);
    return { group: group.name, set: Object.fromEntries(group.set), exports: [...exports], tags: [...tags] };
  };

  function server(identifier: string) {
    return account.rds.clusters.get(identifier) ?? account.rds.instances.get(identifier)!;
  }

  function add(identifier: string, group: string, resourceId: string) {
    if (kind === 'cluster') account.rds.addCluster(identifier, group, [`${identifier}-1`]);
    else account.rds.addInstance(identifier, group);
    server(identifier).more = { [ID]: resourceId };
  }

  async function succeed(answer: ReturnType<StackResource<StatementLoggingProperties>['create']>) {
    expect(await answer).toMatchObject({ Status: 'SUCCESS' });
  }

  beforeEach(async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    add('shop', 'custom', 'id-of-shop');
    await succeed(account.resource.create(request('shop')));
  });

  /** RDS gives a server that is restored from a snapshot the tags of the original server. */
  function restore(identifier: string, resourceId: string, group: string) {
    account.rds.addGroup(kind, group, FAMILY[kind]);
    add(identifier, group, resourceId);
    const before = stateOf(identifier);
    server(identifier).tags = structuredClone(server('shop').tags);
    return before;
  }

  test('a server that was restored from a snapshot gets a record of its own, and its own settings back', async () => {
    const before = restore('copy', 'id-of-copy', 'other');
    const shop = stateOf('shop');
    const another = account.another();
    await succeed(another.create(request('copy')));
    expect(stateOf('copy')).toMatchObject({ set: { log_statement: 'mod' }, exports: ['postgresql'] });
    expect(server('copy').tags.filter(({ Key }) => Key.endsWith(':needs'))).toHaveLength(1);
    await succeed(another.remove());
    expect(stateOf('copy')).toEqual(before);
    expect(stateOf('shop')).toEqual(shop);
  });

  test('the group that a restored server shares with the original one keeps the settings of the original one', async () => {
    add('copy', 'custom', 'id-of-copy');
    server('copy').tags = structuredClone(server('shop').tags);
    const another = account.another();
    await succeed(another.create(request('copy')));
    await succeed(another.remove());
    expect(stateOf('shop')).toMatchObject({ set: { log_statement: 'mod' } });
    expect(stateOf('copy')).toMatchObject({ exports: [], tags: [] });
  });

  test.each([
    ['a renamed server keeps its record by its resource id', 'renamed', 'id-of-shop'],
    ['the successor in a blue/green deployment keeps the record by its name', 'shop', 'id-of-green'],
  ])('%s', async (_, identifier, resourceId) => {
    const { group, exports, tags } = server('shop');
    account.rds.clusters.delete('shop');
    account.rds.instances.delete('shop');
    add(identifier, 'custom', resourceId);
    Object.assign(server(identifier), { group, exports, tags });
    await succeed(account.resource.update(request(identifier)));
    await succeed(account.resource.remove());
    expect(stateOf(identifier)).toEqual({ group: 'custom', set: {}, exports: [], tags: [] });
  });
});
