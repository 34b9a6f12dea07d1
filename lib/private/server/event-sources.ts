import type { aws_rds as rds } from 'aws-cdk-lib';
import { known } from './imported';
import type { ServerSpec } from './server-spec';

/** With more sources in both forms, a pattern could exceed the 2,048 characters that EventBridge takes. */
const MAX_IN_BOTH_FORMS = 10;

/** Returns the instances of a cluster that the app knows: auto scaling adds others. */
export function knownInstances({ kind, resource }: ServerSpec): string[] {
  if (kind !== 'cluster') return [];
  return known(() => (resource as rds.IDatabaseCluster).instanceIdentifiers) ?? [];
}

/**
 * Returns the values of `detail.SourceIdentifier` in events of a server and of its known instances.
 *
 * The examples in the user guides of RDS and Aurora ("Overview of events") have `rds:` before the identifier, recorded events do not.
 */
export function eventSources(server: ServerSpec): string[] {
  const identifiers = [server.identifier, ...knownInstances(server)];
  if (identifiers.length > MAX_IN_BOTH_FORMS) return identifiers;
  return [...identifiers, ...identifiers.map((identifier) => `rds:${identifier}`)];
}
