import { isIPv4, isIPv6 } from 'node:net';

/** An IP address, or a CIDR range. */
export interface IpRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  /** Absent for a single address. */
  readonly prefixLength?: number;
}

/** Parses an address or a CIDR range; undefined if it is neither. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address, bits, ...rest] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  if (bits === undefined) return { family, address };
  const prefixLength = /^(0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : NaN;
  return prefixLength <= MAX_PREFIX_LENGTH[family] ? { family, address, prefixLength } : undefined;
}

const MAX_PREFIX_LENGTH = { ipv4: 32, ipv6: 128 };
