import { existsSync, readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { ServerAddress } from '../../../private/wire/sql';
import { rdsAuthorities } from '../../rds-authorities';

/** `SERVER.HASH.REGION.rds.amazonaws.com`, in whatever partition. */
const RDS_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.[a-z.-]+$/i;

const contexts = new Map<string, tls.SecureContext>();

/**
 * Whose certificates are taken for a server: those that the user gave, else those of public authorities and of RDS in its region.
 *
 * The authorities of RDS come with this package. The runtime has them in a file, which has to be named to it
 * (NODE_EXTRA_CA_CERTS); that counts too, for regions that this release does not know.
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
  return { secureContext: contextFor(authorities, () => [...trustedAnyway(), authorities]) };
}

/** Made once for all connections: reading many certificates takes long. */
function contextFor(key: string, authorities: () => string[]): tls.SecureContext {
  const secureContext = contexts.get(key) ?? tls.createSecureContext({ ca: authorities() });
  contexts.set(key, secureContext);
  return secureContext;
}

/** What Node.js trusts where nothing is said: it knows by itself from version 22.15 on. */
function trustedAnyway(): string[] {
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => string[] };
  if (getCACertificates) return getCACertificates('default');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(extra && existsSync(extra) ? [readFileSync(extra, 'utf8')] : [])];
}
