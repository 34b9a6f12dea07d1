import { Annotations, Aspects, CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServerSpec } from '../server/server-spec';
import { userPath } from '../user-path';

/** What a rotation is made of: the first by the server, for whatever secret; the second by the secret. */
const ROTATIONS = ['AWS::Serverless::Application', 'AWS::SecretsManager::RotationSchedule'];

/** Warns of rotations that put passwords of a server into its statement log; once all constructs of the app are there. */
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
