import { ArnFormat, type aws_ec2 as ec2, aws_iam as iam, CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const WITHOUT_RESOURCE = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Allows the Lambda service to attach a function to its subnets.
 *
 * The service uses the role of the function. When the function is created, Lambda checks the actions other than
 * `CreateNetworkInterface` without a specific network interface, so they cannot be restricted to `network-interface/*`
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). The code of the function is
 * denied all of these actions: `lambda:SourceFunctionArn` is only in the context of calls that the code itself makes
 * (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
 */
export function allowNetworkInterfaces(
  scope: Construct,
  role: iam.IRole,
  vpc: ec2.IVpc,
  subnetIds: string[],
  securityGroups: readonly ec2.ISecurityGroup[],
): iam.Policy {
  const stack = Stack.of(scope);
  const arn = (resource: string, resourceName: string, account?: string) =>
    stack.formatArn({ service: 'ec2', resource, resourceName, account });
  // An imported VPC may be shared by another account; the ARNs of its subnets then contain the id of that account.
  const owner = CfnResource.isCfnResource(vpc.node.defaultChild) ? undefined : '*';
  return new iam.Policy(scope, 'NetworkInterfaces', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface'],
        // The ids in a list parameter are unknown, so any subnet is allowed.
        resources: [
          arn('network-interface', '*'),
          ...(Token.isUnresolved(subnetIds) ? ['*'] : subnetIds).map((id) => arn('subnet', id, owner)),
          ...securityGroups.map(({ securityGroupId }) => arn('security-group', securityGroupId)),
        ],
      }),
      new iam.PolicyStatement({ actions: WITHOUT_RESOURCE, resources: ['*'] }),
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ['ec2:CreateNetworkInterface', 'ec2:DetachNetworkInterface', ...WITHOUT_RESOURCE],
        resources: ['*'],
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': functionsOf(stack) } },
      }),
    ],
  });
}

/**
 * Returns a pattern for all functions of the region: the ARN of the function itself would be a cyclic reference.
 *
 * Only one function uses the role, so the pattern allows no other.
 */
function functionsOf(stack: Stack): string {
  return stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
