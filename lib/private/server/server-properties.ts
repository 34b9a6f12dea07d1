import { Tokenization } from 'aws-cdk-lib';
import type { ServerProperties } from '../wire/resources';
import { databaseResource } from './database-resource';
import type { ServerSpec } from './server-spec';

/** Where RDS exports its statement log to, where it does. */
export function statementLogOf({ kind, identifier, logGroupName }: ServerSpec) {
  if (!kind || logGroupName === undefined) return undefined;
  return { kind, identifier, logGroupName };
}

/** Where the server is, or whom to ask for it. */
export function serverProperties(spec: ServerSpec): ServerProperties {
  const { host, port, tls, caCertificate, kind, identifier } = spec;
  const resource = databaseResource(spec)?.cfn.node.addr;
  const address = { port: Tokenization.stringifyNumber(port), tls, caCertificate, resource };
  if (host !== undefined || !kind) return { host, ...address };
  return { lookup: { kind, identifier }, ...address };
}
