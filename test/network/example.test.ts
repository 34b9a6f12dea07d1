import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { privateLinkApp } from '../../examples/private-link/app';

test('the example leads Datafold to the writer of a cluster in isolated subnets', () => {
  const template = Template.fromStack(privateLinkApp().node.findChild('Shop') as Stack);
  template.resourceCountIs('AWS::EC2::VPCEndpointService', 1);
  template.resourceCountIs('Custom::DatafoldPrivateLinkTargets', 1);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
});
