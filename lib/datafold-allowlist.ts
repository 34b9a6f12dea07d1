import { Annotations, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatafoldAllowlistProps } from './datafold-allowlist-props';
import { allowlistProblems, DATAFOLD_ADDRESSES } from './private/network/allowlist-rules';
import { publicAccess } from './private/network/public-access';
import { throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { serverName } from './private/server/server-spec';

/**
 * Security group rules that allow Datafold's addresses, and no others, to connect to a publicly accessible server.
 *
 * @example
 * declare const instance: rds.DatabaseInstance;
 *
 * new DatafoldAllowlist(this, 'Allowlist', { server: PostgresServer.rdsInstance(instance) });
 */
export class DatafoldAllowlist extends Construct {
  /**
   * The prefix list of the addresses; undefined if each address has its own rule.
   */
  public readonly prefixList?: ec2.IPrefixList;

  public constructor(scope: Construct, id: string, props: DatafoldAllowlistProps) {
    super(scope, id);
    assertShape(this, props, ['server']);
    const server = props.server._spec;
    throwIfAny(this, allowlistProblems(server, props), server.lookUpProblem);
    if (publicAccess(server) === undefined)
      Annotations.of(this).addWarningV2(
        'cdk-datafold-postgres:publicAccessUnknown',
        `It is not known whether the ${serverName(server)} is publicly accessible. Datafold can't connect to one that is not`,
      );
    const cidrs = (props.addresses ?? DATAFOLD_ADDRESSES).map((address) => `${address}/32`);
    if (props.prefixList)
      this.prefixList = new ec2.PrefixList(this, 'Addresses', {
        addressFamily: ec2.AddressFamily.IP_V4,
        entries: cidrs.map((cidr) => ({ cidr, description: 'Datafold' })),
      });
    const sources = this.prefixList
      ? [{ id: 'Addresses', sourcePrefixListId: this.prefixList.prefixListId }]
      : cidrs.map((cidrIp) => ({ id: cidrIp.replace('/32', ''), cidrIp }));
    server.network.serverSecurityGroups.forEach(({ securityGroupId }, i) => {
      const rules = new Construct(this, `SecurityGroup${i + 1}`);
      for (const { id: ruleId, ...source } of sources)
        new ec2.CfnSecurityGroupIngress(rules, ruleId, {
          groupId: securityGroupId,
          description: 'Datafold',
          ipProtocol: 'tcp',
          fromPort: server.port,
          toPort: server.port,
          ...source,
        });
    });
  }
}
