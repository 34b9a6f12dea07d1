import {
  DescribeDBClustersCommand,
  DescribeDBSubnetGroupsCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
  type DBCluster,
  type DBInstance,
  type DBSubnetGroup,
} from '@aws-sdk/client-rds';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { withAwsContext } from './session';

/** All clusters of the region. */
export async function allClusters(): Promise<DBCluster[]> {
  return withAwsContext('rds:DescribeDBClusters', 'all clusters', async () => {
    const all: DBCluster[] = [];
    for await (const page of paginateDescribeDBClusters({ client: new RDSClient({}) }, {}))
      all.push(...(page.DBClusters ?? []));
    return all;
  });
}

/** All instances of the region, those of clusters included. */
export async function allInstances(): Promise<DBInstance[]> {
  return withAwsContext('rds:DescribeDBInstances', 'all instances', async () => {
    const all: DBInstance[] = [];
    for await (const page of paginateDescribeDBInstances({ client: new RDSClient({}) }, {}))
      all.push(...(page.DBInstances ?? []));
    return all;
  });
}

/** The ARN of a cluster whose Data API is on. */
export async function dataApiOf(cluster: string): Promise<string | undefined> {
  const { DBClusters: [found] = [] } = await withAwsContext('rds:DescribeDBClusters', cluster, () =>
    new RDSClient({}).send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster })),
  );
  return found?.HttpEndpointEnabled ? found.DBClusterArn : undefined;
}

/** A subnet group with its VPC and subnets. */
export async function subnetGroup(name: string): Promise<DBSubnetGroup | undefined> {
  const { DBSubnetGroups } = await withAwsContext('rds:DescribeDBSubnetGroups', name, () =>
    new RDSClient({}).send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name })),
  );
  return DBSubnetGroups?.[0];
}

/** The key of a secret as Secrets Manager names it; undefined if it is the one that AWS manages. */
export async function keyOfSecret(secret: string): Promise<string | undefined> {
  const { KmsKeyId } = await withAwsContext('secretsmanager:DescribeSecret', secret, () =>
    new SecretsManagerClient({}).send(new DescribeSecretCommand({ SecretId: secret })),
  );
  return KmsKeyId;
}

/** The region of the session. */
export async function regionOfSession(): Promise<string> {
  return new RDSClient({}).config.region();
}
