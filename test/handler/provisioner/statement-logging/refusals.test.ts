import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind) => {
  test('a group that other servers use is refused with their names, and nothing is changed', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      if (kind === 'cluster') account.rds.addCluster(name, 'custom');
      else account.rds.addInstance(name, 'custom');
    const before = await account.settled();
    const { Status, Reason } = await account.resource.create(properties(kind));
    expect([Status, Reason]).toEqual([
      'FAILED',
      `The parameter group custom of the ${kind} shop is used by a, b, c, d, e and 2 more too. Their statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY to accept that, or to COPY to give this ${kind} a copy (in effect after a reboot), then deploy again.`,
    ]);
    expect(await account.settled()).toEqual(before);
  });

  test('a group that other servers use since its change stays accepted', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    if (kind === 'cluster') account.rds.addCluster('late', 'custom');
    else account.rds.addInstance('late', 'custom');
    const answer = await account.resource.update(properties(kind, { logRetention: '30' }));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Data?.Notices).toBe(
      'The parameter group custom is used by late too: their statements are logged as well.',
    );
  });

  test('omitting bind values is refused before PostgreSQL 13', async () => {
    account.rds.addCluster('shop', 'default.aurora-postgresql12');
    const before = await account.settled();
    const { Reason } = await account.resource.create(properties('cluster', { logBindValues: 'false' }));
    expect(Reason).toBe(
      'The parameter log_parameter_max_length is unknown to the family aurora-postgresql12 of the cluster shop. Leaving bind values out of the log needs PostgreSQL 13: leave logBindValues out, or upgrade the server, then deploy again.',
    );
    expect(await account.settled()).toEqual(before);
  });

  test('the failure names a server that does not exist', async () => {
    const { Reason } = await account.resource.create(properties(kind));
    expect(Reason).toBe(
      `RDS has no ${kind} shop in this account and region. Check the identifier and the region, then deploy again.`,
    );
  });

  test.each(['stopped', 'stopping'])('a server that is %s is reported at once', async (status) => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.shop.status.base = status;
    const from = account.environment.clock.now();
    const { Reason } = await account.resource.create(properties(kind));
    expect(Reason).toBe(
      `The ${kind} shop is ${status}: it accepts no changes until you intervene. Start it, then try again.`,
    );
    expect(account.environment.clock.now() - from).toBeLessThan(60_000);
    account.shop.status.base = 'available';
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
  });

  test('the wait for a server that never becomes available is bounded', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.shop.status.base = 'upgrading';
    const before = await account.settled();
    const from = account.environment.clock.now();
    const { Reason } = await account.resource.create(properties(kind));
    expect(Reason).toBe(
      `Gave up after the longest time that CloudFormation allows, waiting for this: the ${kind} shop, which is upgrading. Find the cause of the delay, then deploy again.`,
    );
    expect(account.environment.clock.now() - from).toBeLessThan(60 * 60_000);
    expect(await account.settled()).toEqual(before);
  });

  test('waits for the end of a backup', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.shop.status.pass('backing-up', 0, 35 * 60_000);
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    account.shop.status.pass('backing-up', 0, 35 * 60_000);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(account.shop.group.name).toBe(`default.${FAMILY[kind]}`);
  });
});

test('an instance of a cluster is refused', async () => {
  account.rds.addCluster('shop', 'default.aurora-postgresql16');
  const { Reason } = await account.resource.create(properties('instance', { identifier: 'shop-writer' }));
  expect(Reason).toBe(
    'The instance shop-writer belongs to a cluster, which has the parameter group and the log. Use PostgresServer.auroraCluster with that cluster.',
  );
});

const READER = { DBInstanceIdentifier: 'one', IsClusterWriter: false };
const NO_WRITES =
  'It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from.';

test.each<[string, 'cluster' | 'instance', object, string]>([
  [
    'a Multi-AZ DB cluster',
    'cluster',
    { Engine: 'postgres' },
    'is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Use an Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage.',
  ],
  [
    'Serverless v1',
    'cluster',
    { EngineMode: 'serverless' },
    'is Aurora Serverless v1, which is not supported. Convert it to a provisioned cluster or to Aurora Serverless v2.',
  ],
  [
    'Limitless',
    'cluster',
    { ClusterScalabilityType: 'limitless' },
    'is an Aurora PostgreSQL Limitless Database, which is not supported: its routers and shards have logs of their own. Use an Aurora PostgreSQL cluster without shards.',
  ],
  [
    'a cluster of the express configuration',
    'cluster',
    { VPCNetworkingEnabled: false, InternetAccessGatewayEnabled: true },
    'was made with the express configuration, which is not supported: it has no network interface in a VPC and takes IAM authentication, and Datafold logs in with a password. Use an Aurora PostgreSQL cluster in a VPC.',
  ],
  [
    'a secondary of a global database',
    'cluster',
    { GlobalClusterIdentifier: 'world', DBClusterMembers: [READER] },
    `is a secondary cluster of an Aurora global database. ${NO_WRITES} Use the primary cluster, in a stack of its region; the secondary gets role and grants from it.`,
  ],
  [
    'a cluster that replicates another server',
    'cluster',
    { ReplicationSourceIdentifier: 'arn:aws:rds:us-east-1:111122223333:db:other' },
    `is a read replica. ${NO_WRITES} Use its source; the replica gets role and grants from it.`,
  ],
  [
    'a read replica',
    'instance',
    { ReadReplicaSourceDBInstanceIdentifier: 'other' },
    `is a read replica. ${NO_WRITES} Use its source; the replica gets role and grants from it.`,
  ],
])('%s is refused before anything is changed', async (_, kind, more, reason) => {
  account.addShop(kind, `default.${FAMILY[kind]}`);
  account.shop.more = more;
  const before = await account.settled();
  const { Status, Reason } = await account.resource.create(properties(kind));
  expect([Status, Reason]).toEqual(['FAILED', `The ${kind} shop ${reason}`]);
  expect(await account.settled()).toEqual(before);
});

test('the primary of a global database is set up', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  account.shop.more = { GlobalClusterIdentifier: 'world' };
  expect((await account.resource.create(properties('cluster'))).Status).toBe('SUCCESS');
});

test('another engine is refused', async () => {
  account.rds.addCluster('shop', 'default.aurora-postgresql16', ['one'], 'aurora-mysql');
  const { Reason } = await account.resource.create(properties('cluster'));
  expect(Reason).toBe(
    'The cluster shop runs aurora-mysql; statement logging is for aurora-postgresql. Check the identifier.',
  );
});
