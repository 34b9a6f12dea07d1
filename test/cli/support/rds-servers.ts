import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { InitPorts } from '../../../lib/cli/init';

const ARN = 'arn:aws:rds:eu-west-1:111122223333';
const ORDERS_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0a1b-AbCdEf';
export const ORDERS_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

const subnetGroup = (...subnets: [id: string, zone: string][]) => ({
  DBSubnetGroupName: 'private',
  VpcId: 'vpc-0123456789abcdef0',
  Subnets: subnets.map(([SubnetIdentifier, Name]) => ({
    SubnetIdentifier,
    SubnetAvailabilityZone: { Name },
  })),
});
const NETWORK = {
  DBSubnetGroup: subnetGroup(
    ['subnet-0123456789abcdef2', 'eu-west-1b'],
    ['subnet-0123456789abcdef0', 'eu-west-1a'],
    ['subnet-0123456789abcdef1', 'eu-west-1b'],
  ),
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0123456789abcdef0', Status: 'active' }],
};

const member = (identifier: string, cluster: string, PubliclyAccessible: boolean): DBInstance => ({
  DBInstanceIdentifier: identifier,
  DBInstanceArn: `${ARN}:db:${identifier}`,
  DBClusterIdentifier: cluster,
  Engine: 'aurora-postgresql',
  PubliclyAccessible,
  ...NETWORK,
});

/** As RDS describes them (API reference, DBCluster). */
export const CLUSTERS: DBCluster[] = [
  {
    DBClusterIdentifier: 'orders',
    DBClusterArn: `${ARN}:cluster:orders`,
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    Status: 'available',
    DBClusterParameterGroup: 'orders-pg16',
    EnabledCloudwatchLogsExports: ['postgresql'],
    DatabaseName: 'app',
    Port: 5432,
    MasterUserSecret: { SecretArn: ORDERS_SECRET, SecretStatus: 'active', KmsKeyId: ORDERS_KEY },
    VpcSecurityGroups: NETWORK.VpcSecurityGroups,
    DBClusterMembers: [
      { DBInstanceIdentifier: 'orders-1', IsClusterWriter: false },
      { DBInstanceIdentifier: 'orders-2', IsClusterWriter: true },
    ],
  },
  {
    DBClusterIdentifier: 'ledger',
    DBClusterArn: `${ARN}:cluster:ledger`,
    Engine: 'postgres',
    EngineVersion: '15.7',
    Status: 'available',
    DBClusterParameterGroup: 'default.postgres15',
    VpcSecurityGroups: NETWORK.VpcSecurityGroups,
  },
  { DBClusterIdentifier: 'web', Engine: 'aurora-mysql', EngineVersion: '8.0', Status: 'available' },
];

/** As RDS describes them (API reference, DBInstance). */
export const INSTANCES: DBInstance[] = [
  member('orders-1', 'orders', false),
  member('orders-2', 'orders', false),
  {
    DBInstanceIdentifier: 'billing',
    DBInstanceArn: `${ARN}:db:billing`,
    Engine: 'postgres',
    EngineVersion: '17.2',
    DBInstanceStatus: 'stopped',
    DBParameterGroups: [{ DBParameterGroupName: 'default.postgres17', ParameterApplyStatus: 'in-sync' }],
    PubliclyAccessible: true,
    Endpoint: { Address: 'billing.abc.eu-west-1.rds.amazonaws.com', Port: 5433 },
    ...NETWORK,
    VpcSecurityGroups: [
      { VpcSecurityGroupId: 'sg-0123456789abcdef0', Status: 'active' },
      { VpcSecurityGroupId: 'sg-0123456789abcdef1', Status: 'active' },
    ],
  },
  {
    DBInstanceIdentifier: 'archive',
    DBInstanceArn: `${ARN}:db:archive`,
    Engine: 'postgres',
    EngineVersion: '9.6.24',
    DBInstanceStatus: 'available',
    DBParameterGroups: [{ DBParameterGroupName: 'default.postgres9.6' }],
    PubliclyAccessible: false,
    ...NETWORK,
  },
];

/** An account with these servers. */
export function portsFor(clusters = CLUSTERS, instances = INSTANCES): InitPorts {
  return {
    region: async () => 'eu-west-1',
    clusters: async () => clusters,
    instances: async () => instances,
    subnetGroup: async () => NETWORK.DBSubnetGroup,
    keyOfSecret: async () => ORDERS_KEY,
  };
}
