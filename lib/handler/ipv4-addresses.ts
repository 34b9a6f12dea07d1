import { lookup } from 'node:dns/promises';

/** Returns the IPv4 addresses of a host name, sorted. Throws the error of the resolver. */
export async function ipv4AddressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, family: 4 });
  return [...new Set(found.map(({ address }) => address))].sort();
}
