import { CfnResource } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

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
