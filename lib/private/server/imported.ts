import { type aws_ec2 as ec2, Token, Tokenization, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { identityOf } from '../identity';
import type { ServerSpec } from './server-spec';
import { propertiesOf } from './unsupported-at-synth';

/** Reads a property of a construct; returns undefined if the property throws, as those of imported constructs do if it was not given. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Returns the default port of the resource's connections, if it has one. */
export function portOf(resource: ec2.IConnectable): number | undefined {
  const range = resource.connections.defaultPort?.toRuleJson() as { fromPort?: number } | undefined;
  return range?.fromPort;
}

/** The default port of RDS for PostgreSQL; the port of a server that is restored from a snapshot is unknown. */
const DEFAULT_PORT = 5432;

/** Returns the identity of a server's port, which servers with the same port share if it is known at synth. */
export function portIdentity(scope: Construct, server: ServerSpec): string {
  return identityOf(scope, Tokenization.stringifyNumber(knownPort(server) ?? server.port));
}

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
