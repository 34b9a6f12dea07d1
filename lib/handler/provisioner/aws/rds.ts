import type { RDSClient } from '@aws-sdk/client-rds';
import { call } from './call';
import { isAws } from './failure';
import type { Endpoint, Rds, ServerName } from './rds-ports';

/** RDS by the AWS SDK, loaded when first used. */
export function sdkRds(): Rds {
  let made: RDSClient | undefined;
  const load = async () => {
    const sdk = await import('@aws-sdk/client-rds');
    return { sdk, client: (made ??= new sdk.RDSClient({ maxAttempts: 5 })) };
  };
  const findCluster = async (identifier: string) => {
    const { sdk, client } = await load();
    const page = await call('rds:DescribeDBClusters', `cluster ${identifier}`, () =>
      client.send(new sdk.DescribeDBClustersCommand({ DBClusterIdentifier: identifier })),
    ).catch(noneIf('DBClusterNotFound'));
    return page?.DBClusters?.[0];
  };
  const findInstance = async (identifier: string) => {
    const { sdk, client } = await load();
    const page = await call('rds:DescribeDBInstances', `instance ${identifier}`, () =>
      client.send(new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier })),
    ).catch(noneIf('DBInstanceNotFound'));
    return page?.DBInstances?.[0];
  };
  return {
    async findEndpoint({ kind, identifier }: ServerName): Promise<Endpoint | undefined> {
      if (kind === 'cluster') {
        const cluster = await findCluster(identifier);
        return cluster && { host: cluster.Endpoint, port: cluster.Port };
      }
      const instance = await findInstance(identifier);
      return instance && { host: instance.Endpoint?.Address, port: instance.Endpoint?.Port };
    },
  };
}

function noneIf(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (isAws(error, ...codes)) return undefined;
    throw error;
  };
}
