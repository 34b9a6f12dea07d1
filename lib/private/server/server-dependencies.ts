import { CfnResource } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

/**
 * The parts of a server without which nobody can log in: cluster, instances and the attachment of the secret.
 *
 * Not all that a user put under the cluster: some of that may depend on us.
 */
const NEEDED = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::SecretsManager::SecretTargetAttachment'];

/** What a custom resource that logs in to the server must wait for. */
export function serverDependencies({ resource }: ServerSpec): CfnResource[] {
  return (resource?.node.findAll() ?? []).filter(
    (child): child is CfnResource =>
      CfnResource.isCfnResource(child) && NEEDED.includes(child.cfnResourceType),
  );
}
