import { existsSync, readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { ServerAddress } from '../../../private/wire/sql';
import { rdsAuthorities } from '../../rds-authorities';

/** Matches `SERVER.HASH.REGION.rds.amazonaws.com` in any partition. */
const RDS_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.[a-z.-]+$/i;

const contexts = new Map<string, tls.SecureContext>();

/**
 * Returns the TLS options with the trusted certificate authorities: `caCertificate`, else the public ones and those of RDS.
 *
 * The authorities of RDS are bundled with this package. Those in NODE_EXTRA_CA_CERTS are trusted too, for regions that this
 * release does not know.
 */
export function trust({
  host,
  caCertificate,
}: Pick<ServerAddress, 'host' | 'caCertificate'>): tls.SecureContextOptions & {
  readonly secureContext?: tls.SecureContext;
} {
  if (caCertificate) return { secureContext: contextFor(caCertificate, () => [caCertificate]) };
  const region = RDS_HOST.exec(host)?.[1].toLowerCase() ?? process.env.AWS_REGION;
  const authorities = rdsAuthorities(region);
  if (authorities === undefined) return {};
  return { secureContext: contextFor(authorities, () => [...defaultAuthorities(), authorities]) };
}

/** Returns a cached context: parsing many certificates is slow. */
function contextFor(key: string, authorities: () => string[]): tls.SecureContext {
  const secureContext = contexts.get(key) ?? tls.createSecureContext({ ca: authorities() });
  contexts.set(key, secureContext);
  return secureContext;
}

/** Returns the default authorities of Node.js; `tls.getCACertificates` exists since 22.15. */
function defaultAuthorities(): string[] {
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => string[] };
  if (getCACertificates) return getCACertificates('default');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(extra && existsSync(extra) ? [readFileSync(extra, 'utf8')] : [])];
}
