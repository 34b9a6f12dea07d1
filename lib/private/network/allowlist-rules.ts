import { Token } from 'aws-cdk-lib';
import { isIPv4 } from 'node:net';
import type { AllowlistOptions } from '../../datafold-allowlist-props';
import { problemsWithoutAdmin, serverName, type ServerSpec } from '../server/server-spec';
import { isWithoutGateway, publicAccess } from './public-access';

const HOST = 'app.datafold.com';

/** Returns the problems with the props of a `DatafoldAllowlist`. */
export function allowlistProblems(
  server: ServerSpec,
  { addresses, datafoldUrl }: AllowlistOptions,
): string[] {
  const host = hostOf(datafoldUrl);
  return [
    ...problemsWithoutAdmin(server),
    ...(addresses === undefined && host !== HOST
      ? [
          `\`addresses\` is missing: those that are known are of ${HOST}, not of ${host}. Ask the support of Datafold for them`,
        ]
      : []),
    ...(addresses?.length === 0 ? ['`addresses` must not be empty'] : []),
    ...(addresses ?? [])
      .filter((address) => !Token.isUnresolved(address) && !isIPv4(address))
      .map((address) => `\`addresses\` must be IPv4 addresses, got: ${address}`),
    ...(publicAccess(server) === false
      ? [
          `the ${serverName(server)} is not publicly accessible, so an allowlist does not let Datafold in. Use DatafoldNetworkAccess.privateLink, or make it accessible yourself`,
        ]
      : []),
    ...(publicAccess(server) !== false && isWithoutGateway(server)
      ? [
          `the ${serverName(server)} is in subnets without an internet gateway, so an allowlist does not let Datafold in. Use DatafoldNetworkAccess.privateLink, or move it to public subnets yourself`,
        ]
      : []),
    ...(server.network.serverSecurityGroups.length === 0
      ? [
          '`securityGroups` of the server is missing: Datafold is let in there. Give it to the factory of PostgresServer',
        ]
      : []),
  ];
}

function hostOf(url: string | undefined): string {
  if (url === undefined || Token.isUnresolved(url)) return HOST;
  return URL.canParse(url) ? new URL(url).hostname : url;
}
