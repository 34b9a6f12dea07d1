import { parseRdsHost } from '../../private/server/rds-host';

/**
 * Returns true if two physical ids certainly name different servers. A server restored from a snapshot contains the comments of
 * the original server. Different host names alone may still be the same server.
 */
export function isOfAnotherServer(id: string, than: string): boolean {
  const [one, other] = [serverIn(id), serverIn(than)];
  return one !== undefined && other?.kind === one.kind && other.identifier !== one.identifier;
}

interface RdsServer {
  readonly kind: string;
  readonly identifier: string;
}

/** Parses the RDS cluster or instance from `datafold-access/PLACE/ROLE`; undefined if PLACE does not name one. */
function serverIn(id: string): RdsServer | undefined {
  const place = /^datafold-access\/([^/]*)\//.exec(id)?.[1] ?? '';
  const lookup = /^(cluster|instance):([a-z][a-z0-9-]*)$/i.exec(place);
  if (lookup) return { kind: lookup[1], identifier: lookup[2].toLowerCase() };
  const host = parseRdsHost(place.replace(/:\d+$/, ''));
  if (!host || !['instance', 'cluster', 'cluster-ro'].includes(host.kind)) return undefined;
  return { kind: host.kind === 'instance' ? 'instance' : 'cluster', identifier: host.identifier };
}
