import type { ServerAddress } from '../../../private/wire/sql';
import type { ServerName } from '../aws/rds-ports';
import type { Fields } from '../runtime/fields';

/** Where a server is, or whom to ask RDS for. */
export interface ServerTarget extends Omit<ServerAddress, 'host'> {
  readonly at: { readonly host: string } | { readonly lookup: ServerName };
  /** Which resource of the app the server is, if any. */
  readonly resource?: string;
}

/** Where a server listens. */
export function parseServer(fields: Fields): ServerTarget {
  const caCertificate = fields.optionalText('caCertificate');
  const resource = fields.optionalText('resource');
  return {
    at: parsePlace(fields),
    port: fields.number('port', 5432, 1, 65535),
    tls: fields.oneOf('tls', ['verify-full', 'disable'], 'verify-full'),
    ...(caCertificate !== undefined && { caCertificate }),
    ...(resource !== undefined && { resource }),
  };
}

function parsePlace(fields: Fields): ServerTarget['at'] {
  const host = fields.optionalText('host');
  if (host !== undefined) return { host };
  if (!fields.has('lookup')) return { host: fields.text('host') };
  return { lookup: parseServerName(fields.object('lookup')) };
}

/** A server by the name that RDS knows it by. */
export function parseServerName(fields: Fields): ServerName {
  return {
    kind: fields.oneOf('kind', ['cluster', 'instance'], 'cluster'),
    identifier: fields.text('identifier'),
  };
}

/** The server, as far as its own properties say: another host name may still be the same server. */
export function placeOf({ at, port }: Pick<ServerTarget, 'at' | 'port'>): string {
  return 'host' in at ? `${at.host.toLowerCase()}:${port}` : `${at.lookup.kind}:${at.lookup.identifier}`;
}

/** What leads to a server: gone, nobody can log in to it any more. */
export interface NetworkPath {
  readonly server: ServerTarget;
  readonly sqlRunner: string;
  readonly adminSecret: string;
}

/** True where a Delete in the clean-up of an update finds everything that it needs: the update goes on using it. */
export function hasSamePath(one: NetworkPath, other: NetworkPath): boolean {
  return (
    placeOf(one.server) === placeOf(other.server) &&
    one.server.port === other.server.port &&
    one.server.tls === other.server.tls &&
    one.server.caCertificate === other.server.caCertificate &&
    one.sqlRunner === other.sqlRunner &&
    one.adminSecret === other.adminSecret
  );
}

/** True where CloudFormation itself replaces a server of the stack, and deletes the previous one after the update. */
export function isReplacedByStack({ server: previous }: NetworkPath, { server }: NetworkPath): boolean {
  return previous.resource !== undefined && previous.resource === server.resource;
}
