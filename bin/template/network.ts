import { aws_ec2 as ec2, type CfnOutput, Fn, type Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import {
  DatafoldAllowlist,
  type DatafoldPostgres,
  DatafoldPrivateLink,
  type FunctionProps,
  type PostgresServer,
} from '../../lib';
import type { Conditions } from './conditions';
import { makeOnlyIf, onlyIf, resourceOf } from './optional';
import type { Parameters } from './parameters';

/** Below the idle timeout of the load balancer, as with `DatafoldNetworkAccess.privateLink`. */
const KEEP_ALIVE_SECONDS = '240';

/** The network paths of the template, each of which exists if the parameters ask for it. */
export interface NetworkPaths {
  readonly privateLink: DatafoldPrivateLink;
  readonly allowlist: DatafoldAllowlist;
}

/** Adds the network paths. Their number of ranges and addresses is only known when the template is launched. */
export function addNetworkPaths(
  stack: Stack,
  server: PostgresServer,
  { AllowedPrincipals }: Parameters,
  { hasPrivateLink, hasAllowlist, clientCidrs, addresses }: Conditions,
  { dataSources }: DatafoldPostgres,
  functions: FunctionProps,
): NetworkPaths {
  const privateLink = new DatafoldPrivateLink(stack, 'PrivateLink', {
    ...functions,
    server,
    allowedPrincipals: Token.asList(Fn.split(',', AllowedPrincipals.valueAsString)),
    clientCidrs: clientCidrs.map(({ item }) => item),
  });
  makeOnlyIf(hasPrivateLink, privateLink);
  const request = privateLink.node.findChild('Request') as CfnOutput;
  request.condition = hasPrivateLink;
  request.overrideLogicalId('PrivateLinkRequest');
  const balancer = privateLink.node.findChild('Balancer');
  rulesIn(balancer).forEach((rule, i) => makeOnlyIf(clientCidrs[i].condition, rule));
  resourceOf(balancer, 'AWS::ElasticLoadBalancingV2::LoadBalancer').addPropertyOverride(
    'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic',
    Fn.conditionIf(clientCidrs[0].condition.logicalId, 'on', 'off'),
  );
  for (const dataSource of dataSources)
    resourceOf(dataSource, 'Custom::DatafoldDataSource').addPropertyOverride(
      'keepAliveSeconds',
      onlyIf(hasPrivateLink, KEEP_ALIVE_SECONDS),
    );

  const allowlist = new DatafoldAllowlist(stack, 'Allowlist', {
    ...functions,
    server,
    addresses: addresses.map(({ item }) => item),
  });
  makeOnlyIf(hasAllowlist, allowlist);
  const rules = allowlist._rules;
  const given = (valueOf: (i: number) => string) =>
    addresses.map(({ condition }, i) => onlyIf(condition, valueOf(i)));
  rules.forEach((rule, i) => makeOnlyIf(addresses[i].condition, rule));
  const check = resourceOf(allowlist, 'Custom::DatafoldAllowlist');
  check.addPropertyOverride(
    'addresses',
    given((i) => addresses[i].item),
  );
  // Replaces DependsOn, which must not name a resource that may not exist.
  check.addPropertyOverride(
    'rules',
    given((i) => rules[i].ref),
  );
  return { privateLink, allowlist };
}

/** Returns the inbound rules for addresses, in the order of the props. */
function rulesIn(construct: IConstruct): ec2.CfnSecurityGroupIngress[] {
  return construct.node
    .findAll()
    .filter((child) => child instanceof ec2.CfnSecurityGroupIngress)
    .filter(({ cidrIp }) => cidrIp !== undefined);
}
