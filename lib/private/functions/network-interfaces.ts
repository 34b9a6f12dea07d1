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
 * Lets the Lambda service attach a function to its subnets.
 *
 * The service uses the role of the function for it. When the function is made, Lambda checks the actions other than
 * `CreateNetworkInterface` without naming an interface, so `network-interface/*` is refused
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). In return the code of
 * the function is denied all of them: `lambda:SourceFunctionArn` is only in the context of calls that the code makes itself
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
  // An imported VPC may be shared by another account, whose number is then in the ARNs of its subnets.
  const owner = CfnResource.isCfnResource(vpc.node.defaultChild) ? undefined : '*';
  return new iam.Policy(scope, 'NetworkInterfaces', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface'],
        // A list parameter can't be taken apart: any subnet of the account then.
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

/** Any function of the region: the role is that of one function alone, whose own ARN depends on this policy. */
function functionsOf(stack: Stack): string {
  return stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
