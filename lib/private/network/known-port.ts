import { Token, type aws_rds as rds } from 'aws-cdk-lib';
import type { ServerSpec } from '../server/server-spec';
import { propertiesOf } from '../server/unsupported-at-synth';

/** The port of PostgreSQL where RDS is told none; what a snapshot brings with it is not known. */
const DEFAULT_PORT = 5432;

/** A port as a number, if it is known at synth; that of the server if none is given. */
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
