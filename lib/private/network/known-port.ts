import { Token, type aws_rds as rds } from 'aws-cdk-lib';
import type { ServerSpec } from '../server/server-spec';
import { propertiesOf } from '../server/unsupported-at-synth';

/** The default port of RDS for PostgreSQL; the port of a server that is restored from a snapshot is unknown. */
const DEFAULT_PORT = 5432;

/** Returns a port, by default that of the server, as a number; undefined if it is not known at synth. */
export function knownPort({ kind, resource, port: own }: ServerSpec, port = own): number | undefined {
  if (!Token.isUnresolved(port)) return port;
  if (port !== own || !kind || !resource) return undefined;
  const defined = propertiesOf<rds.CfnDBClusterProps & rds.CfnDBInstanceProps>(resource);
  const restored =
    defined.snapshotIdentifier ?? defined.sourceDbClusterIdentifier ?? defined.dbSnapshotIdentifier;
  if (restored !== undefined) return undefined;
  if (defined.port === undefined) return DEFAULT_PORT;
  return Token.isUnresolved(defined.port) ? undefined : Number(defined.port);
}
