import { sdkNetworks } from '../../../../lib/handler/provisioner/aws/networks';
import { networkFrom } from '../../../../lib/handler/provisioner/aws/read-network';
import { AwsEndpoint } from '../support/aws-endpoint';

let endpoint: AwsEndpoint;
beforeEach(async () => (endpoint = await new AwsEndpoint().start()));
afterEach(async () => endpoint.stop());

const answer = (action: string, body: string) =>
  endpoint.answer({
    headers: { 'content-type': 'text/xml' },
    body: `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body}</${action}Response>`,
  });
const asked = () => endpoint.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

test('reads all pages of the route tables of a VPC, without routes that lead nowhere and those of IPv6, and where they lead', async () => {
  answer(
    'DescribeRouteTables',
    `<routeTableSet><item>
       <associationSet><item><main>true</main></item></associationSet>
       <routeSet>
         <item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state></item>
         <item><destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><gatewayId>igw-1</gatewayId><state>active</state></item>
         <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId><state>blackhole</state></item>
       </routeSet>
     </item></routeTableSet><nextToken>more</nextToken>`,
  );
  answer(
    'DescribeRouteTables',
    `<routeTableSet><item>
       <associationSet><item><main>false</main><subnetId>subnet-1</subnetId></item></associationSet>
       <routeSet>
         <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId><state>active</state></item>
         <item><destinationPrefixListId>pl-1</destinationPrefixListId><natGatewayId>nat-1</natGatewayId><state>active</state></item>
         <item><destinationPrefixListId>pl-2</destinationPrefixListId><gatewayId>vpce-1</gatewayId><state>active</state></item>
         <item><destinationCidrBlock>192.0.2.0/24</destinationCidrBlock><gatewayId>vpce-2</gatewayId><state>active</state></item>
         <item><destinationCidrBlock>198.51.100.0/24</destinationCidrBlock><networkInterfaceId>eni-1</networkInterfaceId><state>active</state></item>
         <item><destinationCidrBlock>203.0.113.0/24</destinationCidrBlock><natGatewayId>nat-1</natGatewayId><state>active</state></item>
       </routeSet>
     </item></routeTableSet>`,
  );
  expect(await sdkNetworks().routeTablesOf('vpc-1')).toEqual([
    { isMain: true, subnetIds: [], routes: [{ destination: '10.0.0.0/16', leadsToInternet: false }] },
    {
      isMain: false,
      subnetIds: ['subnet-1'],
      routes: [
        { destination: '0.0.0.0/0', leadsToInternet: true },
        { destination: undefined, leadsToInternet: false },
        { destination: undefined, leadsToInternet: false },
        { destination: '192.0.2.0/24', leadsToInternet: true },
        { destination: '198.51.100.0/24', leadsToInternet: true },
        { destination: '203.0.113.0/24', leadsToInternet: false },
      ],
    },
  ]);
  expect(asked()).toEqual([
    expect.objectContaining({ 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': 'vpc-1' }),
    expect.objectContaining({ 'Filter.1.Value.1': 'vpc-1', NextToken: 'more' }),
  ]);
});

test('reads the inbound rules for TCP, and those for all protocols as rules for all ports', async () => {
  const rule = (protocol: string, ports: string, source: string) =>
    `<item><ipProtocol>${protocol}</ipProtocol>${ports}${source}</item>`;
  const port5432 = '<fromPort>5432</fromPort><toPort>5432</toPort>';
  const anyone = '<ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges>';
  answer(
    'DescribeSecurityGroups',
    `<securityGroupInfo><item><ipPermissions>
       ${rule('tcp', port5432, '<ipRanges><item><cidrIp>192.0.2.1/32</cidrIp></item></ipRanges><prefixListIds><item><prefixListId>pl-1</prefixListId></item></prefixListIds>')}
       ${rule('udp', port5432, anyone)}
       ${rule('-1', '', anyone)}
     </ipPermissions></item></securityGroupInfo>`,
  );
  expect(await sdkNetworks().ingressOf(['sg-1', 'sg-2'])).toEqual([
    { fromPort: 5432, toPort: 5432, ranges: ['192.0.2.1/32'], prefixListIds: ['pl-1'] },
    { fromPort: 0, toPort: 65535, ranges: ['0.0.0.0/0'], prefixListIds: [] },
  ]);
  expect(asked()).toEqual([expect.objectContaining({ 'GroupId.1': 'sg-1', 'GroupId.2': 'sg-2' })]);
});

test('asks for no rules without security groups, since EC2 would return those of all', async () => {
  expect(await sdkNetworks().ingressOf([])).toEqual([]);
  expect(endpoint.requests).toEqual([]);
});

test('an instance without a public address, a zone and groups has none of them', () => {
  expect(networkFrom({ DBInstanceIdentifier: 'shop' })).toEqual({
    identifier: 'shop',
    publiclyAccessible: false,
    vpcId: '',
    zone: undefined,
    subnets: [],
    securityGroupIds: [],
  });
});
