import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PrivateLinkOptions } from '../../private-link-props';
import { parseIpRange } from '../ip-range';
import { problemsWithoutAdmin, serverName, type ServerSpec } from '../server/server-spec';
import { loadBalancerSubnets } from './subnets';

const PRINCIPAL = /^(\*|arn:[^:]+:iam::\d{12}:(root|role\/.+|user\/.+))$/;

/** Returns the problems with the props of a `DatafoldPrivateLink`. */
export function privateLinkProblems(
  scope: Construct,
  server: ServerSpec,
  options: PrivateLinkOptions,
): string[] {
  const { allowedPrincipals, clientCidrs, healthCheckInterval } = options;
  const interval = healthCheckInterval?.toSeconds();
  return [
    ...problemsWithoutAdmin(server),
    ...vpcProblems(scope, server, options),
    ...(allowedPrincipals.length === 0
      ? ['`allowedPrincipals` must not be empty: nobody could connect. Datafold names its role']
      : []),
    ...wrong(allowedPrincipals, (one) => PRINCIPAL.test(one)).map(
      (one) =>
        `\`allowedPrincipals\` must be ARNs of roles, users or accounts (arn:aws:iam::123456789012:root), got: ${one}`,
    ),
    ...(allowedPrincipals.includes('*') && options.acceptanceRequired === false
      ? ['`acceptanceRequired` must not be false where anybody may connect (`allowedPrincipals` has *)']
      : []),
    ...(clientCidrs?.length === 0
      ? ['`clientCidrs` must not be empty: nobody could connect. Leave it out where the ranges are not known']
      : []),
    ...wrong(clientCidrs ?? [], isIpv4Range).map(
      (one) => `\`clientCidrs\` must be IPv4 ranges such as 10.20.0.0/16, got: ${one}`,
    ),
    ...(interval === undefined || interval === 10 || interval === 30
      ? []
      : [`\`healthCheckInterval\` must be 10 or 30 seconds, got: ${interval}`]),
  ];
}

function vpcProblems(scope: Construct, server: ServerSpec, options: PrivateLinkOptions): string[] {
  const { vpc } = server.network;
  if (!vpc)
    return server.kind
      ? [] // reported by the server
      : [
          `\`vpc\` is missing: PrivateLink needs the VPC of the ${serverName(server)}. Give it: PostgresServer.endpoint({ vpc })`,
        ];
  if (loadBalancerSubnets(scope, server, options.vpcSubnets).length > 0) return [];
  return [
    '`vpcSubnets` is missing: no subnet for the load balancer is known. Give one in each zone of the server',
  ];
}

function wrong(values: readonly string[], isRight: (value: string) => boolean): string[] {
  // A list of unknown length, such as a parameter, is one token.
  if (Token.isUnresolved(values)) return [];
  return values.filter((value) => !Token.isUnresolved(value) && !isRight(value));
}

function isIpv4Range(text: string): boolean {
  const range = parseIpRange(text);
  return range?.family === 'ipv4' && range.prefixLength !== undefined;
}
