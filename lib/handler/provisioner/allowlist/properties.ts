import type { ServerName } from '../aws/rds-ports';
import { type Fields, parseProperties } from '../runtime/fields';
import { parseServerName } from '../sql-client/server-target';
import type { AllowedAddresses } from './inspect';

/** The start of the physical ids. */
export const ALLOWLIST = 'datafold-allowlist/';

export function parseAllowlist(properties: unknown): AllowedAddresses {
  return parseProperties(properties, readAllowlist);
}

export function readAllowlist(fields: Fields): AllowedAddresses {
  return {
    rds: parseServerName(fields.object('rds')),
    port: fields.number('port', 5432, 65535),
    addresses: fields.texts('addresses') ?? [],
    prefixListId: fields.optionalText('prefixListId'),
  };
}

/** Returns the physical id of the allowlist of a server. */
export function allowlistId({ rds: { kind, identifier } }: Pick<AllowedAddresses, 'rds'>): string {
  return `${ALLOWLIST}${kind}/${identifier}`;
}

/** Returns the server in a physical id. */
export function serverOfAllowlist(physicalId: string): ServerName | undefined {
  const [, kind, identifier] = physicalId.split('/');
  const isKnown = physicalId.startsWith(ALLOWLIST) && (kind === 'cluster' || kind === 'instance');
  return isKnown && identifier ? { kind, identifier } : undefined;
}
