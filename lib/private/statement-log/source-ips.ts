import { Token } from 'aws-cdk-lib';
import { BlockList } from 'node:net';
import { parseIpRange } from '../ip-range';

/** Returns the problems with the prop `sourceIps`. */
export function sourceIpProblems(sourceIps: readonly string[] | undefined): string[] {
  if (sourceIps === undefined || Token.isUnresolved(sourceIps)) return [];
  if (sourceIps.length === 0)
    return ['`sourceIps` must have an address, got: []; leave it out for a key that works from anywhere'];
  return sourceIps
    .filter((one) => !Token.isUnresolved(one))
    .flatMap((one) => {
      const problem = problemOf(one);
      return problem === undefined ? [] : [`\`sourceIps\` ${problem}, got: ${one}`];
    });
}

function problemOf(text: string): string | undefined {
  const range = parseIpRange(text);
  if (!range)
    return 'must be addresses or CIDR ranges of IPv4 or IPv6, such as 203.0.113.10 or 2001:db8::/32';
  if (range.prefixLength === 0) return 'must not be every address: leave `sourceIps` out instead';
  if (PRIVATE.check(range.address, range.family))
    return 'must be public addresses: AWS never sees the private address of a caller outside';
  return undefined;
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('100.64.0.0', 10);
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('169.254.0.0', 16);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
PRIVATE.addAddress('::1', 'ipv6');
