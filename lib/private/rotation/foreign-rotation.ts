import { Annotations, Aspects, CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServerSpec } from '../server/server-spec';
import { userPath } from '../identity';

/** The resources of a rotation: the first belongs to a rotation that the server defines, the second to one that the secret defines. */
const ROTATIONS = ['AWS::Serverless::Application', 'AWS::SecretsManager::RotationSchedule'];

/** Warns of rotations that write passwords into the statement log of a server, after all constructs of the app are defined. */
export function warnOfRotations(scope: Construct, server: ServerSpec): void {
  Aspects.of(scope).add({
    visit(node) {
      const paths = node === scope ? rotationsOf(server) : [];
      if (paths.length > 0)
        Annotations.of(scope).addWarningV2(
          'cdk-datafold-postgres:passwordsInLog',
          `${paths.join(', ')} may write passwords into the statement log: the rotation functions of AWS send ALTER USER … PASSWORD in clear text, which log_statement=mod logs and Datafold reads. Name the role that the rotation logs in as in \`excludedRoles\`, or rotate with a function that sends a SCRAM-SHA-256 verifier`,
        );
    },
  });
}

function rotationsOf({ resource, adminSecret }: ServerSpec): string[] {
  const found = [resource, adminSecret]
    .flatMap((root) => root?.node.findAll() ?? [])
    .filter((child) => CfnResource.isCfnResource(child) && ROTATIONS.includes(child.cfnResourceType));
  return [...new Set(found.map((one) => userPath(one as CfnResource)))];
}
