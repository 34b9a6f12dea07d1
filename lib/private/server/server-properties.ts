import { CfnResource, Tokenization } from 'aws-cdk-lib';
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

/**
 * The resources that a login to a server requires: the cluster, the instances and the attachment of the secret.
 *
 * Other resources below the cluster are omitted, since they may depend on constructs of this library.
 */
const NEEDED = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::SecretsManager::SecretTargetAttachment'];

/** Returns the resources that a custom resource that logs in to the server must depend on. */
export function serverDependencies({ resource }: ServerSpec): CfnResource[] {
  return (resource?.node.findAll() ?? []).filter(
    (child): child is CfnResource =>
      CfnResource.isCfnResource(child) && NEEDED.includes(child.cfnResourceType),
  );
}
