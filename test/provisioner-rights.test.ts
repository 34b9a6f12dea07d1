import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

test('the provisioner may invoke itself and ask how its own stack is doing, and for itself nothing else', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }] });
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [, policy] = Object.entries(policies).find(([id]) => id.includes('ContinuePolicy'))!;
  expect(policy!.Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': ['DatafoldProvisionerFunction89776038', 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: [
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStackResource',
        'cloudformation:DescribeStacks',
      ],
      Resource: { Ref: 'AWS::StackId' },
    },
  ]);
});
