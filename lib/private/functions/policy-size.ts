import { Annotations, type aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployed } from './deployed-text';

/** IAM's limit for all inline policies of a role together, blanks not counted. */
const MAX_CHARACTERS = 10_240;

/** A policy of a role. */
export interface SizedPolicy {
  readonly policy: iam.Policy;
  /** Another network makes another one, and the former stays until the clean-up. */
  readonly movesWithNetwork: boolean;
}

/** What is wrong with the size of a role's policies, which would otherwise fail in mid-deployment. */
export function policySizeProblems(scope: Construct, policies: readonly SizedPolicy[]): string[] {
  const sizes = policies.map(({ policy, movesWithNetwork }) => ({ size: sizeOf(policy), movesWithNetwork }));
  const total = sum(sizes);
  const twice = total + sum(sizes.filter(({ movesWithNetwork }) => movesWithNetwork));
  const most = inWords(MAX_CHARACTERS);
  if (total > MAX_CHARACTERS)
    return [
      `The policies of the provisioner's role have at least ${inWords(total)} characters, IAM takes ${most}: ` +
        'set up some of the servers or databases in another stack',
    ];
  if (twice > MAX_CHARACTERS)
    Annotations.of(scope).addWarningV2(
      'cdk-datafold-postgres:policySize',
      `The policies of the provisioner's role fit, but not while an update moves its servers to other subnets: it then has at least ${inWords(twice)} characters for a while, IAM takes ${most}. Change \`vpcSubnets\` of one server at a time, or set up some of the servers or databases in another stack`,
    );
  return [];
}

const sum = (sizes: readonly { size: number }[]) => sizes.reduce((all, { size }) => all + size, 0);
const inWords = (characters: number) => characters.toLocaleString('en');
const sizeOf = (policy: iam.Policy) => JSON.stringify(deployed(policy, policy.document)).length;
