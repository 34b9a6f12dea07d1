import { type aws_ec2 as ec2, aws_iam as iam, CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Lets the Lambda service attach a function to its subnets.
 *
 * The service uses the role of the function for it. The interfaces of one function can't be told
 * from others before they are made, and the actions that describe take no resource at all
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions).
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
  const interfaces = arn('network-interface', '*');
  return new iam.Policy(scope, 'NetworkInterfaces', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface'],
        // A list parameter can't be taken apart: any subnet of the account then.
        resources: [
          interfaces,
          ...(Token.isUnresolved(subnetIds) ? ['*'] : subnetIds).map((id) => arn('subnet', id, owner)),
          ...securityGroups.map(({ securityGroupId }) => arn('security-group', securityGroupId)),
        ],
      }),
      new iam.PolicyStatement({
        actions: [
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: [interfaces],
      }),
      new iam.PolicyStatement({
        actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
        resources: ['*'],
      }),
    ],
  });
}
