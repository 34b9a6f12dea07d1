import { Match, Template } from 'aws-cdk-lib/assertions';
import { EXAMPLE, GOOD, messageOf, stackOf } from './support/context';

describe('the network path', () => {
  const PRINCIPALS = 'arn:aws:iam::222222222222:role/datafold,arn:aws:iam::222222222222:root';
  const LINK = { ...GOOD, networkAccess: 'private-link', allowedPrincipals: PRINCIPALS };

  test('is a PrivateLink with a load balancer in all subnets, for the principals and ranges of Datafold', () => {
    const stack = stackOf({ ...LINK, clientCidrs: '10.20.0.0/16,10.30.0.0/16', acceptanceRequired: 'false' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: ['10.20.0.0/16', '10.30.0.0/16'].map((CidrIp) => ({
        CidrIp,
        Description: 'Datafold',
        FromPort: 5432,
        IpProtocol: 'tcp',
        ToPort: 5432,
      })),
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpointService', { AcceptanceRequired: false });
    template.hasResourceProperties('AWS::EC2::VPCEndpointServicePermissions', {
      AllowedPrincipals: PRINCIPALS.split(','),
    });
    template.hasResourceProperties('Custom::DatafoldPrivateLinkTargets', {
      rds: { kind: 'cluster', identifier: 'orders' },
      vpcId: GOOD.vpc,
    });
    template.hasOutput('Network', {
      Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('PrivateLinkService'), 'Network'] },
    });
  });

  test('is an allowlist in the security group of the server', () => {
    const allowlist = { ...GOOD, networkAccess: 'allowlist', allowedAddresses: '192.0.2.1' };
    const template = Template.fromStack(stackOf(allowlist));
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: GOOD.securityGroup,
      CidrIp: '192.0.2.1/32',
      FromPort: 5432,
      ToPort: 5432,
    });
    template.hasResourceProperties('Custom::DatafoldAllowlist', {
      rds: { kind: 'cluster', identifier: 'orders' },
      addresses: ['192.0.2.1'],
    });
  });

  test('is one that exists, to the address that Datafold gets', () => {
    const existing = { ...GOOD, networkAccess: 'existing', datafoldHost: 'tunnel.example.com' };
    const template = Template.fromStack(stackOf(existing));
    template.allResourcesProperties('Custom::DatafoldDataSource', { host: 'tunnel.example.com' });
    template.hasOutput('Network', {
      Value: 'declared: this library does not manage the path, so it is not checked',
    });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
  });

  test('has settings that fit its kind', () => {
    const wrong = {
      ...GOOD,
      clientCidrs: '10.20.0.0',
      allowedAddresses: '10.20.0.0/16',
      allowedPrincipals: 'x',
    };
    expect(messageOf(wrong)).toBe(`The server can't be set up from the context:
  - item 1 of \`allowedPrincipals\` must look like arn:aws:iam::222222222222:role/datafold, got: "x"
  - item 1 of \`clientCidrs\` must look like 10.20.0.0/16, got: "10.20.0.0"
  - item 1 of \`allowedAddresses\` must look like 192.0.2.1, got: "10.20.0.0/16"
  - \`allowedPrincipals\` has no effect without \`networkAccess\` private-link
  - \`clientCidrs\` has no effect without \`networkAccess\` private-link
  - \`allowedAddresses\` has no effect without \`networkAccess\` allowlist
${EXAMPLE}`);
    expect(messageOf({ ...GOOD, networkAccess: 'private-link' })).toContain(
      "- `allowedPrincipals` is missing: the roles that may connect through PrivateLink; Datafold's support names them",
    );
  });
});
