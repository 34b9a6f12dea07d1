import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';

/** Returns the IPv4 addresses of a host name, sorted. Throws the error of the resolver. */
export async function ipv4AddressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, family: 4 });
  return [...new Set(found.map(({ address }) => address))].sort();
}

/** True if an IPv4 address is in a range such as 10.0.0.0/16. */
export function isInRange(range: string, address: string): boolean {
  const list = new BlockList();
  const [network = '', prefix] = range.split('/');
  list.addSubnet(network, Number(prefix), 'ipv4');
  return list.check(address, 'ipv4');
}
