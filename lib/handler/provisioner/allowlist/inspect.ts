import type { NetworkStatus } from '../../network-status';
import type { InstanceNetwork, Networks } from '../aws/network-ports';
import type { AwsPorts } from '../aws/ports';
import { nameOf, type Rds, type ServerName, type ServerState } from '../aws/rds-ports';
import type { Ask } from '../aws/run';
import { NoServer } from '../sql-client/server-address';
import { allowlistStatus } from './decide';

/** The calls that an inspection makes. */
export interface AllowlistPorts extends Networks, Pick<Rds, 'networkOf'> {
  findServer(server: ServerName): Promise<Pick<ServerState, 'members' | 'port'> | undefined>;
}

/** The addresses that should reach a server. */
export interface AllowedAddresses {
  readonly rds: ServerName;
  /** Undefined: the port of the server in RDS. */
  readonly port?: number;
  readonly addresses: readonly string[];
  readonly prefixListId?: string;
}

/** Returns the calls by those of the provisioner. */
export function allowlistPorts({ rds, networks }: Pick<AwsPorts, 'rds' | 'networks'>): AllowlistPorts {
  return { ...networks, networkOf: rds.networkOf, findServer: rds.find };
}

/** Reads the network of a server and decides whether Datafold's addresses reach it. */
export async function inspectAllowlist(
  ports: AllowlistPorts,
  { rds, port, addresses, prefixListId }: AllowedAddresses,
  ask: Ask,
): Promise<NetworkStatus> {
  const name = nameOf(rds);
  const server = await ask(`members of ${name}`, () => ports.findServer(rds));
  const networks: InstanceNetwork[] = [];
  // The writer first; while a failover shows none, any instance.
  const members = [...(server?.members ?? [])].sort(
    (one, other) => Number(other.isWriter) - Number(one.isWriter),
  );
  for (const { identifier } of members) {
    const network = await ask(`network of instance ${identifier}`, () => ports.networkOf(identifier));
    if (network) networks.push(network);
  }
  const [writer, ...readers] = networks;
  if (!writer)
    throw new NoServer(
      `RDS has no ${name} with an instance in this account and region, so it is not known whether the addresses of Datafold reach it. Check the identifier, then deploy again.`,
      name,
    );
  const { vpcId, securityGroupIds } = writer;
  return allowlistStatus({
    port: port ?? server?.port ?? 5432,
    addresses,
    prefixListId,
    writer,
    readers,
    routeTables: await ask(`route tables of ${vpcId}`, () => ports.routeTablesOf(vpcId)),
    ingress: await ask('rules of the security groups', () => ports.ingressOf(securityGroupIds)),
  });
}
