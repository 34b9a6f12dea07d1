import { Annotations, type aws_iam as iam, type aws_lambda as lambda } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployed } from './deployed-text';
import { inWords } from '../problems';

/** IAM's limit for all inline policies of a role together, without white space. */
const MAX_INLINE = 10_240;
/** IAM's limit for a managed policy, without white space. */
const MAX_MANAGED = 6_144;
/** IAM's default limit for the number of managed policies that are attached to a role. */
const MAX_ATTACHED = 10;

/** Lambda's limit for the policy of a function (Lambda developer guide, "Lambda quotas"). */
const MAX_OF_FUNCTION = 20_480;
/** The longest id of a statement that CloudFormation generates. */
const MAX_STATEMENT_ID = 100;

/** An inline policy of a role. */
export interface SizedPolicy {
  readonly policy: iam.Policy;
  /** Whether a change of the network creates a new policy, while the previous one is kept until the cleanup phase. */
  readonly movesWithNetwork: boolean;
}

const NEXT = 'set up some of the servers or databases in another stack';

/** Returns a problem if the inline policies of a role are too large, which would otherwise fail the deployment halfway. */
export function policySizeProblems(scope: Construct, policies: readonly SizedPolicy[]): string[] {
  const sizes = policies.map(({ policy, movesWithNetwork }) => ({ size: sizeOf(policy), movesWithNetwork }));
  const total = sum(sizes);
  const twice = total + sum(sizes.filter(({ movesWithNetwork }) => movesWithNetwork));
  const most = inWords(MAX_INLINE);
  if (total > MAX_INLINE)
    return [
      `The policies of the provisioner's role have at least ${inWords(total)} characters, IAM takes ${most}: ${NEXT}`,
    ];
  if (twice > MAX_INLINE)
    Annotations.of(scope).addWarningV2(
      'cdk-datafold-postgres:policySize',
      `The policies of the provisioner's role fit, but not while an update moves its servers to other subnets: it then has at least ${inWords(twice)} characters for a while, IAM takes ${most}. Change \`vpcSubnets\` of one server at a time, or ${NEXT}`,
    );
  return [];
}

/** Returns a problem if the managed policies of a role are too many or too large. */
export function managedPolicyProblems(policies: readonly iam.ManagedPolicy[]): string[] {
  const largest = Math.max(0, ...policies.map(sizeOf));
  return [
    ...(policies.length > MAX_ATTACHED
      ? [
          `The role of the provisioner has ${policies.length} managed policies, IAM takes ${MAX_ATTACHED}: ${NEXT}`,
        ]
      : []),
    ...(largest > MAX_MANAGED
      ? [
          `A managed policy of the provisioner's role has at least ${inWords(largest)} characters, IAM takes ${inWords(MAX_MANAGED)}: give stack and constructs shorter names`,
        ]
      : []),
  ];
}

/** Returns a problem if the services that may invoke a function are too many for its policy. */
export function functionPolicyProblems(
  scope: Construct,
  permissions: readonly lambda.CfnPermission[],
): string[] {
  const policy = { Version: '2012-10-17', Id: 'default', Statement: permissions.map(statementOf) };
  const { length } = JSON.stringify(deployed(scope, policy));
  if (length <= MAX_OF_FUNCTION) return [];
  return [
    `The policy of the provisioner's function has at least ${inWords(length)} characters for ${permissions.length} rules and rotations that invoke it, Lambda takes ${inWords(MAX_OF_FUNCTION)}: ${NEXT}`,
  ];
}

/** Returns the statement that Lambda makes of a permission. */
function statementOf(permission: lambda.CfnPermission): object {
  const { logicalId, stack, action, functionName, principal, sourceArn, sourceAccount } = permission;
  const id = `${stack.stackName}-${String(stack.resolve(logicalId))}-0123456789AB`;
  return {
    Sid: id.slice(0, MAX_STATEMENT_ID),
    Effect: 'Allow',
    Principal: { Service: principal },
    Action: action,
    Resource: functionName,
    Condition: {
      ...(sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
      ...(sourceArn !== undefined && {
        ArnLike: { 'AWS:SourceArn': `arn:aws:events:us-east-1:123456789012:rule/${sourceArn}` },
      }),
    },
  };
}

const sum = (sizes: readonly { size: number }[]) => sizes.reduce((all, { size }) => all + size, 0);
const sizeOf = (policy: iam.Policy | iam.ManagedPolicy) =>
  JSON.stringify(deployed(policy, policy.document)).length;
