import assert from 'node:assert/strict';
import { rows, sqlState } from '../support/database';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import { customResourceCalls } from '../support/stack-events';
import { assertLineage } from '../support/lineage';
import { assertReport } from '../support/report';
import { untilLogged } from '../support/server-log';
import type { DataSource, World } from '../support/world';

const APP = 'new-cluster';

export const newCluster: Scenario = {
  number: '1',
  title: 'a four-line app beside a new Aurora cluster in isolated subnets',
  account: 'own server',
  async run(world) {
    const server = (await world.cdk.deploy({ app: APP, stacks: ['NewServer'] })).outputs;
    await seed(world, server);
    await untilLogged(world, server);
    const before = await world.everything(server);

    const { outputs } = await world.cdk.deploy({ app: APP, stacks: ['NewDatafold'] });
    const source = await world.dataSource(outputs.Connection);
    await readsAndWritesOnlyItsOwn(world, source);
    await assertLineage(world, source);
    await assertReport(world, outputs.Connection, source);

    const again = await world.cdk.deploy({ app: APP, stacks: ['NewDatafold'] });
    assert.deepEqual(customResourceCalls(again.events), [], 'an unchanged deployment calls custom resources');

    await world.cdk.destroy({ app: APP, stacks: ['NewDatafold'] });
    assertSame(await world.everything(server), before, 'something is left after cdk destroy');
    await world.cdk.destroy({ app: APP, stacks: ['NewServer'] });
  },
};

/** Logs in as Datafold does and tries what it may and what it may not. */
async function readsAndWritesOnlyItsOwn(world: World, source: DataSource): Promise<void> {
  assert.equal(source.options.user, 'datafold');
  await world.datafold(source, async (client) => {
    assert.deepEqual(await rows(client, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'), [
      { ssl: true },
    ]);
    assert.deepEqual(await rows(client, 'SELECT name FROM customers ORDER BY id'), [
      { name: 'Ada' },
      { name: 'Grace' },
    ]);
    assert.deepEqual(await rows(client, 'SELECT count(*)::int AS n FROM sales.orders'), [{ n: 3 }]);
    await client.query('CREATE TABLE datafold_tmp.scratch (a int)');
    await client.query('INSERT INTO datafold_tmp.scratch VALUES (1)');
    await client.query('DROP TABLE datafold_tmp.scratch');
    for (const refused of [
      'CREATE TABLE public.intruder (a int)',
      'CREATE TABLE sales.intruder (a int)',
      "INSERT INTO public.customers VALUES (3, 'Mallory')",
      'DELETE FROM sales.orders',
      'DROP TABLE archive.old_orders',
      'CREATE SCHEMA intruder',
    ]) {
      assert.equal(await sqlState(client, refused), '42501', refused);
    }
  });
}
