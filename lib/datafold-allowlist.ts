import { Annotations, type aws_ec2 as ec2, Tokenization } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatafoldAllowlistProps } from './datafold-allowlist-props';
import { DATAFOLD_ADDRESSES } from './private/datafold';
import { allowAddresses, allowPrefixList, prefixListOf } from './private/network/allowlist-ingress';
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
  public readonly _rules: readonly ec2.CfnSecurityGroupIngress[];

  /** @internal */
  public readonly _path: NetworkPathProperties;

  public constructor(scope: Construct, id: string, props: DatafoldAllowlistProps) {
    super(scope, id);
    assertShape(this, props, 'DatafoldAllowlistProps', ['server']);
    const server = props.server._spec;
    throwIfAny(this, allowlistProblems(server, props), server.lookUpProblem);
    const addresses = props.addresses ?? DATAFOLD_ADDRESSES;
    if (props.prefixList) this.prefixList = prefixListOf(this, addresses);
    this._rules = this.prefixList
      ? allowPrefixList(this, server, this.prefixList)
      : allowAddresses(this, server, addresses);
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
    check.resource.node.addDependency(...this._rules, ...serverDependencies(server));
    this._path = { kind: 'allowlist', allowlist: properties };
    this.networkStatus = check.attribute('Network');
  }
}
