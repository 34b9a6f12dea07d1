import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
} from '@aws-sdk/client-rds';
import assert from 'node:assert/strict';
import { Beside } from '../support/beside';
import { rows } from '../support/database';
import type { Scenario } from '../support/scenario';

const roleGone: Scenario = {
  number: '6.1',
  title: 'destroyed after somebody dropped the role by hand',
  async run(world) {
    const beside = new Beside(world);
    await beside.deploy();
    await world.admin(world.server, 'app', async (client) => {
      await client.query('GRANT datafold TO CURRENT_USER');
      for (const owner of ['sales_owner', 'CURRENT_USER']) {
        await client.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} REVOKE ALL ON TABLES FROM datafold`);
      }
      await client.query('DROP OWNED BY datafold CASCADE');
    });
    for (const database of ['postgres', 'warehouse']) {
      await world.admin(world.server, database, async (client) =>
        client.query('DROP OWNED BY datafold CASCADE'),
      );
    }
    await world.admin(world.server, 'app', async (client) => client.query('DROP ROLE datafold'));
    await beside.destroy();
  },
};

const clusterGone: Scenario = {
  number: '6.2',
  title: 'destroyed after the cluster was deleted',
  async run(world) {
    const server = { app: 'new-cluster', stacks: ['NewServer'], context: { datafold: 'no' } };
    const outputs = (await world.cdk.deploy(server)).outputs;
    const beside = new Beside(world, 'Beside', outputs);
    await beside.deploy({ hurry: true });
    const { rds } = world.aws;
    const DBClusterIdentifier = outputs.ClusterIdentifier;
    const [cluster] = (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }))).DBClusters!;
    for (const { DBInstanceIdentifier } of cluster.DBClusterMembers!) {
      await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    }
    await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
    await beside.destroy();
    await world.cdk.destroy(server);
  },
};

const destroyedTwice: Scenario = {
  number: '6.3',
  title: 'destroyed twice',
  async run(world) {
    const beside = new Beside(world);
    await beside.deploy();
    await beside.destroy();
    assert.equal((await beside.tryDestroy()).code, 0);
  },
};

const openSession: Scenario = {
  number: '6.4',
  title: 'destroyed with a session of datafold open',
  async run(world) {
    const beside = new Beside(world);
    const [source] = await beside.deploy();
    await world.datafold(source, async (client) => {
      await client.query('BEGIN');
      await client.query('CREATE TABLE datafold_tmp.unfinished AS SELECT * FROM public.customers');
      await beside.destroy();
      await assert.rejects(client.query('SELECT 1'), 'the session is ended');
    });
  },
};

const tablesOfOthers: Scenario = {
  number: '6.5',
  title: 'destroyed with a table of somebody else in datafold_tmp',
  async run(world) {
    const beside = new Beside(world);
    await beside.deploy();
    await world.admin(world.server, 'app', async (client) => {
      await client.query('CREATE TABLE datafold_tmp.precious AS SELECT 42 AS answer');
    });
    await beside.destroy();
    await world.admin(world.server, 'app', async (client) => {
      assert.deepEqual(await rows(client, 'SELECT answer FROM datafold_tmp.precious'), [{ answer: 42 }]);
      assert.deepEqual(await rows(client, "SELECT 1 FROM pg_roles WHERE rolname = 'datafold'"), []);
      await client.query('DROP SCHEMA datafold_tmp CASCADE');
    });
  },
};

export const removal: readonly Scenario[] = [
  roleGone,
  clusterGone,
  destroyedTwice,
  openSession,
  tablesOfOthers,
];
