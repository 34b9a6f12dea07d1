import { Tokenization } from 'aws-cdk-lib';
import type { ServerProperties } from '../wire/resources';
import { databaseResource } from './database-resource';
import type { ServerSpec } from './server-spec';

/** Returns the log group that RDS exports the statement log to; undefined for an endpoint. */
export function statementLogOf({ kind, identifier, logGroupName }: ServerSpec) {
  if (!kind || logGroupName === undefined) return undefined;
  return { kind, identifier, logGroupName };
}

/** Returns the address of the server, or how to look it up in RDS. */
export function serverProperties(spec: ServerSpec): ServerProperties {
  const { host, port, tls, caCertificate, kind, identifier } = spec;
  const resource = databaseResource(spec)?.cfn.node.addr;
  const address = { port: Tokenization.stringifyNumber(port), tls, caCertificate, resource };
  if (host !== undefined || !kind) return { host, ...address };
  return { lookup: { kind, identifier }, ...address };
}
