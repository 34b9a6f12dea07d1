import {
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  type CfnResource,
  type Stack,
} from 'aws-cdk-lib';
import {
  DatabaseAccess,
  DatafoldPostgres,
  FailurePolicy,
  PostgresServer,
  StatementLog,
  StatementLogging,
} from '../lib';
import { AURORA, auroraCluster, isolatedVpc, newStack, rdsInstance } from './support/stacks';

const databases = [{ databaseName: 'app' }];
const secret = (stack: Stack) => new secretsmanager.Secret(stack, 'Admin');
const access = (stack: Stack, server: PostgresServer) =>
  new DatabaseAccess(stack, 'Access', { server, databases });

const SECONDARY =
  'the cluster Test/Cluster is a secondary cluster of an Aurora global database. It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from. Use the primary cluster, in a stack of its region; the secondary gets role and grants from it';

/** A cluster with properties that the L2 construct does not know. */
function clusterWith(stack: Stack, change: (cfn: rds.CfnDBCluster) => void): PostgresServer {
  const cluster = auroraCluster(stack);
  change(cluster.node.defaultChild as rds.CfnDBCluster);
  return PostgresServer.auroraCluster(cluster);
}

const secondary = (cfn: rds.CfnDBCluster) => {
  cfn.globalClusterIdentifier = 'world';
  cfn.addPropertyDeletionOverride('MasterUsername');
  cfn.addPropertyDeletionOverride('MasterUserPassword');
};

test.each<[string, (cfn: rds.CfnDBCluster) => void, string]>([
  [
    'a Multi-AZ DB cluster',
    (cfn) => (cfn.dbClusterInstanceClass = 'db.m6gd.large'),
    'the cluster Test/Cluster is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Use an Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage',
  ],
  [
    'Serverless v1',
    (cfn) => (cfn.engineMode = 'serverless'),
    'the cluster Test/Cluster is Aurora Serverless v1, which is not supported. Convert it to a provisioned cluster or to Aurora Serverless v2',
  ],
  [
    'Limitless',
    (cfn) => (cfn.clusterScalabilityType = 'limitless'),
    'the cluster Test/Cluster is an Aurora PostgreSQL Limitless Database, which is not supported: its routers and shards have logs of their own. Use an Aurora PostgreSQL cluster without shards',
  ],
  [
    'a cluster of the express configuration',
    (cfn) => cfn.addPropertyOverride('WithExpressConfiguration', true),
    'the cluster Test/Cluster was made with the express configuration, which is not supported: it has no network interface in a VPC and takes IAM authentication, and Datafold logs in with a password. Use an Aurora PostgreSQL cluster in a VPC',
  ],
  ['a secondary of a global database', secondary, SECONDARY],
])('%s is refused at synth, with what to use in its place', (_, change, problem) => {
  const stack = newStack();
  const server = clusterWith(stack, change);
  expect(() => access(stack, server)).toThrow(`Test/Access can't be set up:\n  - ${problem}`);
  expect(() => new StatementLogging(stack, 'Logging', { server })).toThrow(
    `Test/Logging can't be set up:\n  - ${problem}`,
  );
});

test('the primary of a global database is supported', () => {
  const stack = newStack();
  access(
    stack,
    clusterWith(stack, (cfn) => (cfn.globalClusterIdentifier = 'world')),
  );
});

test('a member of a cluster, given as an instance, is refused with the way to give the cluster', () => {
  const stack = newStack();
  const instance = rdsInstance(stack);
  (instance.node.defaultChild as CfnResource).addPropertyOverride('DBClusterIdentifier', 'shop');
  expect(() => access(stack, PostgresServer.rdsInstance(instance))).toThrow(
    "Test/Access can't be set up:\n" +
      '  - the instance Test/Instance belongs to a cluster, which has the parameter group and the log. Use PostgresServer.auroraCluster with that cluster',
  );
});

const NO_PROXY =
  'an RDS Proxy: it lets in only roles of which it has the secrets, and its sessions are shared. Give the cluster or instance behind it';

test.each([
  ['shop.proxy-cabc123def.eu-west-1.rds.amazonaws.com', NO_PROXY],
  ['ro.endpoint.proxy-cabc123def.cn-north-1.rds.amazonaws.com.cn', NO_PROXY],
  [
    'shop.cluster-ro-cabc123def.eu-west-1.rds.amazonaws.com',
    'a reader endpoint, which takes no writes: give the endpoint of the writer',
  ],
  [
    'foo0bar1baz2quux3quux4.dsql.us-east-1.on.aws',
    'Aurora DSQL, which is not supported: it takes IAM authentication only, and Datafold logs in with a password',
  ],
])('%s is refused as the host', (host, what) => {
  const stack = newStack();
  const problem = (id: string) =>
    `${id}/Access can't be set up:\n  - \`host\` must not be ${what}, got: ${host}`;
  expect(() => access(stack, PostgresServer.endpoint({ host, adminSecret: secret(stack) }))).toThrow(
    problem('Test'),
  );
  const other = newStack('Other');
  const server = PostgresServer.auroraCluster(auroraCluster(other), { host });
  expect(() => access(other, server)).toThrow(problem('Other'));
});

test('an RDS Proxy of the app is refused as the host', () => {
  const stack = newStack();
  const cluster = auroraCluster(stack);
  const proxy = cluster.addProxy('Proxy', { secrets: [cluster.secret!], vpc: cluster.vpc });
  const server = PostgresServer.auroraCluster(cluster, { host: proxy.endpoint });
  expect(() => access(stack, server)).toThrow(
    `Test/Access can't be set up:\n  - \`host\` must not be ${NO_PROXY}`,
  );
});

describe('a cluster from a snapshot', () => {
  const restored = (stack: Stack, props: Partial<rds.DatabaseClusterFromSnapshotProps> = {}) =>
    new rds.DatabaseClusterFromSnapshot(stack, 'Cluster', {
      engine: AURORA,
      vpc: isolatedVpc(stack),
      vpcSubnets: { subnetType: 'Isolated' as never },
      writer: rds.ClusterInstance.serverlessV2('writer'),
      snapshotIdentifier: 'shop-snapshot',
      ...props,
    });

  test('without `snapshotCredentials` has a secret with a password that nobody set', () => {
    const stack = newStack();
    expect(() => access(stack, PostgresServer.auroraCluster(restored(stack)))).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `adminSecret` is missing: the cluster Test/Cluster is restored from a snapshot without `snapshotCredentials`, so its administrator has the password of the snapshot, and a secret that the CDK generates is not applied to it. Give the cluster `snapshotCredentials`, or use the secret that has this password. Give it: PostgresServer.auroraCluster(cluster, { adminSecret })',
    );
  });

  test('with `snapshotCredentials`, or the secret of the snapshot, is as good as any', () => {
    const stack = newStack();
    const snapshotCredentials = rds.SnapshotCredentials.fromGeneratedSecret('admin');
    const cluster = restored(stack, { snapshotCredentials });
    const { _resource } = access(stack, PostgresServer.auroraCluster(cluster));
    expect(_resource.properties).toMatchObject({ adminSecretArn: cluster.secret!.secretArn });
    const other = newStack('Other');
    access(other, PostgresServer.auroraCluster(restored(other), { adminSecret: secret(other) }));
  });
});

describe('a database that is kept out of the statement log', () => {
  const datafold = (props: object) => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    return () =>
      new DatafoldPostgres(stack, 'Datafold', {
        server,
        databases,
        statementLog: StatementLog.managed({ excludedDatabases: ['app'] }),
        ...props,
      });
  };

  test('gives no lineage, which synth says', () => {
    expect(datafold({})).toThrow(
      "Test/Datafold can't be set up:\n" +
        '  - `excludedDatabases` must not name a database of `databases`, or Datafold gets no lineage of it, got: app. Leave it out of one of the two, or say that this is meant by `verification: { onNoLineage: FailurePolicy.WARN }` without `proveLineage`',
    );
  });

  test('can be read all the same where that is meant', () => {
    expect(datafold({ verification: { onNoLineage: FailurePolicy.WARN } })).not.toThrow();
  });
});
