import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { identityOf, shortHash } from '../identity';
import { portIdentity } from '../server/imported';
import type { ServerSpec } from '../server/server-spec';

/**
 * Adds the egress and ingress rules that allow the security group of a function or a load balancer to connect to a server.
 *
 * Servers with the same security group and port share the rules, since EC2 rejects duplicate rules.
 */
export function allowConnection(
  scope: Construct,
  clientGroup: ec2.ISecurityGroup,
  server: ServerSpec,
  description = 'From the function that sets up the role of Datafold',
): void {
  const { serverSecurityGroups } = server.network;
  const port = portIdentity(scope, server);
  const own = clientGroup.securityGroupId;
  const rule = { ipProtocol: 'tcp', fromPort: server.port, toPort: server.port };
  const once = (to: string, make: (rules: Construct) => void) => {
    const id = `To${shortHash([to, port])}`;
    if (!scope.node.tryFindChild(id)) make(new Construct(scope, id));
  };
  for (const { securityGroupId } of serverSecurityGroups)
    once(identityOf(scope, securityGroupId), (rules) => {
      new ec2.CfnSecurityGroupEgress(rules, 'Egress', {
        ...rule,
        description: 'To the server that Datafold reads',
        groupId: own,
        destinationSecurityGroupId: securityGroupId,
      });
      new ec2.CfnSecurityGroupIngress(rules, 'Ingress', {
        ...rule,
        description,
        groupId: securityGroupId,
        sourceSecurityGroupId: own,
      });
    });
  if (serverSecurityGroups.length === 0)
    once('anywhere', (rules) => {
      new ec2.CfnSecurityGroupEgress(rules, 'Egress', { ...rule, groupId: own, cidrIp: '0.0.0.0/0' });
    });
}
