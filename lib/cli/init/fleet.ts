import { appFacts, askNetworkAccess } from './app';
import type { FoundServer } from './server';

/** A fleet file for the servers. It may have comments, which mark what has to be filled in. */
export function fleetFile(servers: readonly FoundServer[], databases: readonly string[]): string {
  const [{ account, region }] = servers;
  const entries = servers.map((server) => entryOf(server, databases));
  return `{
  "$schema": "./node_modules/cdk-datafold-postgres/bin/fleet/fleet.schema.json",
  "accounts": {
    "${account}": {
      "regions": {
        "${region}": {
          "servers": [
${entries.join(',\n')}
          ]
        }
      }
    }
  }
}
`;
}

function entryOf(server: FoundServer, databases: readonly string[]): string {
  const facts = appFacts(server, databases);
  const { remarks } = facts;
  const lines: (readonly [remarks: readonly string[], key: string, value: unknown])[] = [
    [[], server.kind, server.identifier],
    [remarks.databases, 'databases', facts.databases],
    [remarks.adminSecret, 'adminSecret', facts.adminSecretArn],
    ...(facts.adminSecretKeyArn ? [[[], 'adminSecretKey', facts.adminSecretKeyArn] as const] : []),
    ...(server.port === 5432 ? [] : [[[], 'port', server.port] as const]),
    [[], 'vpc', server.vpcId ?? 'vpc-TODO'],
    [remarks.network, 'subnets', server.subnets.map(({ id }) => id)],
    [otherGroups(server), 'securityGroup', server.securityGroups[0] ?? 'sg-TODO'],
  ];
  const text = lines.map(([comments, key, value]) => {
    const above = comments.map((comment) => `              // ${comment}\n`).join('');
    return `${above}              "${key}": ${Array.isArray(value) ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]` : JSON.stringify(value)}`;
  });
  const end = `              // ${askNetworkAccess(server, 'no-code')}\n`;
  return `            {\n${text.join(',\n')}\n${end}            }`;
}

const otherGroups = ({ securityGroups: [, ...others] }: FoundServer) =>
  others.length > 0
    ? [`It gets a rule that lets the function in. The server also has: ${others.join(', ')}.`]
    : [];
