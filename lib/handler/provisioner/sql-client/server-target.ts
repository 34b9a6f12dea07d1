import type { ServerAddress } from '../../../private/wire/sql';
import type { ServerName } from '../aws/rds-ports';
import type { Fields } from '../runtime/fields';

/** The address of a server, or its name in RDS. */
export interface ServerTarget extends Omit<ServerAddress, 'host'> {
  readonly at: { readonly host: string } | { readonly lookup: ServerName };
  /** The resource of the app that is the server, if the app defines it. */
  readonly resource?: string;
}

/** Host and port of a server, or its name in RDS. */
export function parseServer(fields: Fields): ServerTarget {
  const caCertificate = fields.optionalText('caCertificate');
  const resource = fields.optionalText('resource');
  return {
    at: parsePlace(fields),
    port: fields.number('port', 5432, 65535),
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

/** Parses the kind and the identifier of a server in RDS. */
export function parseServerName(fields: Fields): ServerName {
  return {
    kind: fields.oneOf('kind', ['cluster', 'instance'], 'cluster'),
    identifier: fields.text('identifier'),
  };
}

/** Returns the key of a server by its properties: another host name may still be the same server. */
export function placeOf({ at, port }: Pick<ServerTarget, 'at' | 'port'>): string {
  return 'host' in at ? `${at.host.toLowerCase()}:${port}` : `${at.lookup.kind}:${at.lookup.identifier}`;
}

/** The path to a server, without which no login is possible. */
export interface NetworkPath {
  readonly server: ServerTarget;
  readonly sqlRunner: string;
  readonly adminSecret?: string;
}

/** True if a Delete in the cleanup of an update finds everything it needs, since the update still uses it. */
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

/** True if CloudFormation replaces a server of the stack, and deletes the previous one after the update. */
export function isReplacedByStack({ server: previous }: NetworkPath, { server }: NetworkPath): boolean {
  return previous.resource !== undefined && previous.resource === server.resource;
}
