import { Annotations, aws_ec2 as ec2, Token, Tokenization } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatafoldAllowlistProps } from './datafold-allowlist-props';
import { DATAFOLD_ADDRESSES } from './private/datafold';
import { allowlistProblems } from './private/network/allowlist-rules';
import { rightsToFindWriter } from './private/network/writer-rights';
import { throwIfAny } from './private/problems';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { assertShape } from './private/props-shape';
import { serverDependencies } from './private/server/server-properties';
import { serverName } from './private/server/server-spec';
import type { AllowlistProperties, NetworkPathProperties } from './private/wire/resources';

/**
 * Security group rules that allow Datafold's addresses, and no others, to connect to a publicly accessible server.
 *
 * The deployment fails if the addresses do not reach a server of RDS: if it is not publicly accessible, is in subnets without an
 * internet gateway, or has other security groups.
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

  /**
   * Whether Datafold's addresses reached the server at the last deployment: `ok`, or `declared:` for a server outside of RDS.
   *
   * @attribute
   */
  public readonly networkStatus: string;

  /** @internal */
  public readonly _path: NetworkPathProperties;

  public constructor(scope: Construct, id: string, props: DatafoldAllowlistProps) {
    super(scope, id);
    assertShape(this, props, 'DatafoldAllowlistProps', ['server']);
    const server = props.server._spec;
    throwIfAny(this, allowlistProblems(server, props), server.lookUpProblem);
    const addresses = props.addresses ?? DATAFOLD_ADDRESSES;
    const cidrs = addresses.map((address) => `${address}/32`);
    if (props.prefixList)
      this.prefixList = new ec2.PrefixList(this, 'Addresses', {
        addressFamily: ec2.AddressFamily.IP_V4,
        entries: cidrs.map((cidr) => ({ cidr, description: 'Datafold' })),
      });
    const sources = this.prefixList
      ? [{ id: 'Addresses', sourcePrefixListId: this.prefixList.prefixListId }]
      : addresses.map((address, i) => ({
          id: Token.isUnresolved(address) ? `Address${i + 1}` : address,
          cidrIp: `${address}/32`,
        }));
    const rulesOfGroups = server.network.serverSecurityGroups.map(({ securityGroupId }, i) => {
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
      return rules;
    });
    const { kind, identifier } = server;
    if (!kind) {
      this.networkStatus = 'declared: a path to a server outside of RDS is not checked';
      Annotations.of(this).addWarningV2(
        'cdk-datafold-postgres:publicAccessUnknown',
        `It is not known whether the ${serverName(server)} is publicly accessible. Datafold can't connect to one that is not`,
      );
      this._path = { kind: 'declared' };
      return;
    }
    const properties: AllowlistProperties = {
      rds: { kind, identifier },
      port: Tokenization.stringifyNumber(server.port),
      addresses,
      prefixListId: this.prefixList?.prefixListId,
    };
    const check = new ProvisionedResource(this, 'Check', {
      resourceType: 'Custom::DatafoldAllowlist',
      properties,
      options: props,
    });
    for (const { actions, resources } of rightsToFindWriter(this, server)) check.allow(actions, resources);
    // No resource-level permissions (service authorization reference, Amazon EC2).
    check.allowTogether({
      actions: ['ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups'],
      resources: ['*'],
    });
    check.resource.node.addDependency(...rulesOfGroups, ...serverDependencies(server));
    this._path = { kind: 'allowlist', allowlist: properties };
    this.networkStatus = check.attribute('Network');
  }
}
