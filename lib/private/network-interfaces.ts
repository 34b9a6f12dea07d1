import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Lets the Lambda service attach a function to its subnets.
 *
 * The service uses the role of the function for it. None of these actions can be narrowed to the interfaces of one function,
 * and DescribeNetworkInterfaces takes no resource at all
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions).
 */
export function allowNetworkInterfaces(scope: Construct, role: iam.IRole): iam.Policy {
  const stack = Stack.of(scope);
  const arn = (resource: string) => stack.formatArn({ service: 'ec2', resource, resourceName: '*' });
  return new iam.Policy(scope, 'NetworkInterfaces', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface'],
        resources: [arn('network-interface'), arn('subnet'), arn('security-group')],
      }),
      new iam.PolicyStatement({
        actions: [
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: [arn('network-interface')],
      }),
      new iam.PolicyStatement({
        actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
        resources: ['*'],
      }),
    ],
  });
}
