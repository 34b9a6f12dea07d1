import { sdkEndpointServices } from '../../../../lib/handler/provisioner/aws/endpoint-services';
import { AwsEndpoint } from '../support/aws-endpoint';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

const xml = (operation: string, content: string) => ({
  body: `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${content}</${operation}Response>`,
});
const refusal = (code: string) => ({
  status: 400,
  body: `<Response><Errors><Error><Code>${code}</Code><Message>No.</Message></Error></Errors></Response>`,
});
const asked = () =>
  aws.requests.map(({ body }) => {
    const { Version: _, ...rest } = Object.fromEntries(new URLSearchParams(body));
    return rest;
  });

test('returns the ids of the availability zones of a service', async () => {
  aws.answer(
    xml(
      'DescribeVpcEndpointServiceConfigurations',
      '<serviceConfigurationSet><item><serviceId>vpce-svc-1</serviceId><serviceName>com.amazonaws.vpce.us-east-1.vpce-svc-1</serviceName><availabilityZoneSet><item>us-east-1b</item><item>us-east-1a</item></availabilityZoneSet></item></serviceConfigurationSet>',
    ),
    xml(
      'DescribeAvailabilityZones',
      '<availabilityZoneInfo><item><zoneName>us-east-1a</zoneName><zoneId>use1-az6</zoneId></item><item><zoneName>us-east-1b</zoneName><zoneId>use1-az1</zoneId></item></availabilityZoneInfo>',
    ),
  );
  expect(await sdkEndpointServices().find('vpce-svc-1')).toEqual({
    serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
    availabilityZoneIds: ['use1-az1', 'use1-az6'],
  });
  expect(asked()).toEqual([
    { Action: 'DescribeVpcEndpointServiceConfigurations', 'ServiceId.1': 'vpce-svc-1' },
    { Action: 'DescribeAvailabilityZones', 'ZoneName.1': 'us-east-1b', 'ZoneName.2': 'us-east-1a' },
  ]);
});

test('a service that does not exist has no zones and no connections', async () => {
  aws.answer(
    refusal('InvalidVpcEndpointServiceId.NotFound'),
    refusal('InvalidVpcEndpointServiceId.NotFound'),
  );
  expect(await sdkEndpointServices().find('vpce-svc-1')).toBeUndefined();
  expect(await sdkEndpointServices().connectionsOf('vpce-svc-1')).toEqual([]);
});

test('reads the connections of a service, page by page', async () => {
  const page = (id: string, more = '') =>
    xml(
      'DescribeVpcEndpointConnections',
      `<vpcEndpointConnectionSet><item><vpcEndpointId>${id}</vpcEndpointId><vpcEndpointState>pendingAcceptance</vpcEndpointState><vpcEndpointOwner>210987654321</vpcEndpointOwner></item></vpcEndpointConnectionSet>${more}`,
    );
  aws.answer(page('vpce-1', '<nextToken>more</nextToken>'), page('vpce-2'));
  const connection = { state: 'pendingAcceptance', owner: '210987654321' };
  expect(await sdkEndpointServices().connectionsOf('vpce-svc-1')).toEqual([
    { endpointId: 'vpce-1', ...connection },
    { endpointId: 'vpce-2', ...connection },
  ]);
  const filter = { 'Filter.1.Name': 'service-id', 'Filter.1.Value.1': 'vpce-svc-1' };
  expect(asked()).toEqual([
    { Action: 'DescribeVpcEndpointConnections', ...filter },
    { Action: 'DescribeVpcEndpointConnections', ...filter, NextToken: 'more' },
  ]);
});

test('fails for a connection that EC2 does not reject', async () => {
  aws.answer(
    xml(
      'RejectVpcEndpointConnections',
      '<unsuccessful><item><resourceId>vpce-1</resourceId><error><code>InvalidState</code><message>No.</message></error></item></unsuccessful>',
    ),
  );
  await expect(sdkEndpointServices().reject('vpce-svc-1', ['vpce-1'])).rejects.toThrow(
    'ec2:RejectVpcEndpointConnections on vpce-svc-1, vpce-1 failed with InvalidState: No.',
  );
  expect(asked()).toEqual([
    { Action: 'RejectVpcEndpointConnections', ServiceId: 'vpce-svc-1', 'VpcEndpointId.1': 'vpce-1' },
  ]);
});

test('reads the associated ranges of a VPC', async () => {
  const range = (block: string, state: string) =>
    `<item><cidrBlock>${block}</cidrBlock><cidrBlockState><state>${state}</state></cidrBlockState></item>`;
  aws.answer(
    xml(
      'DescribeVpcs',
      `<vpcSet><item><cidrBlockAssociationSet>${range('10.0.0.0/16', 'associated')}${range('10.1.0.0/16', 'disassociated')}</cidrBlockAssociationSet></item></vpcSet>`,
    ),
  );
  expect(await sdkEndpointServices().rangesOf('vpc-1')).toEqual(['10.0.0.0/16']);
});
