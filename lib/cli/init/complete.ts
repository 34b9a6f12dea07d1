import type { DBSubnetGroup } from '@aws-sdk/client-rds';
import { isSessionOver } from '../aws/session';
import { isKeyArn, networkOf } from './discover';
import type { FoundServer } from './server';

/** Completes the network of a server by its subnet group, which RDS describes with most servers, but not with a cluster without instances. */
export async function withNetwork(
  server: FoundServer,
  subnetGroup: (name: string) => Promise<DBSubnetGroup | undefined>,
): Promise<FoundServer> {
  if (server.subnets.length > 0 || server.subnetGroup === undefined) return server;
  return { ...server, ...networkOf(await subnetGroup(server.subnetGroup)) };
}

/**
 * Completes the secret of a server by the key that Secrets Manager names.
 *
 * RDS names a key also where AWS manages it, and Secrets Manager does not. If Secrets Manager can't be asked, the key of RDS stays:
 * a permission for the key that AWS manages does no harm.
 */
export async function withSecretKey(
  server: FoundServer,
  keyOfSecret: (arn: string) => Promise<string | undefined>,
): Promise<FoundServer> {
  const { adminSecret, partition, region, account } = server;
  if (!adminSecret) return server;
  try {
    const key = await keyOfSecret(adminSecret.arn);
    if (key === undefined || key.endsWith('alias/aws/secretsmanager'))
      return { ...server, adminSecret: { arn: adminSecret.arn } };
    if (isKeyArn(key)) return { ...server, adminSecret: { arn: adminSecret.arn, keyArn: key } };
    if (/alias\//.test(key)) return server;
    return {
      ...server,
      adminSecret: {
        arn: adminSecret.arn,
        keyArn: `arn:${partition}:kms:${region}:${account}:key/${key}`,
      },
    };
  } catch (error) {
    if (isSessionOver(error)) throw error;
    return server;
  }
}
