import { ipv4AddressesOf } from '../../ipv4-addresses';
import { AwsFailure } from './failure';
import type { Names } from './private-link-ports';

/** Codes for a name that does not exist or has no IPv4 address. */
const UNKNOWN = ['ENOTFOUND', 'ENODATA'];

/** Resolves names with the resolver of the function. */
export function systemNames(): Names {
  return {
    async addressesOf(host) {
      try {
        return await ipv4AddressesOf(host);
      } catch (error) {
        const { code = 'Error' } = error as NodeJS.ErrnoException;
        if (UNKNOWN.includes(code)) return [];
        throw new AwsFailure('DNS', host, code);
      }
    },
  };
}
