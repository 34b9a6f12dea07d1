/**
 * Whether two ids of roles, as the provisioner gives them, name different servers for sure: a server that was restored from a
 * snapshot brings the comments of the original. Another host name alone may still be the same server.
 */
export function isOfAnotherServer(id: string, than: string): boolean {
  const [one, other] = [serverIn(id), serverIn(than)];
  return one !== undefined && other?.kind === one.kind && other.identifier !== one.identifier;
}

interface RdsServer {
  readonly kind: string;
  readonly identifier: string;
}

/** The cluster or instance of RDS in `datafold-access/PLACE/ROLE`; undefined where the name does not say it. */
function serverIn(id: string): RdsServer | undefined {
  const place = /^datafold-access\/([^/]*)\//.exec(id)?.[1] ?? '';
  const lookup = /^(cluster|instance):([a-z][a-z0-9-]*)$/i.exec(place);
  if (lookup) return { kind: lookup[1], identifier: lookup[2].toLowerCase() };
  const host =
    /^([a-z0-9-]+)\.(cluster-(?:ro-)?)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?:\d+$/.exec(place);
  return host ? { kind: host[2] ? 'cluster' : 'instance', identifier: host[1] } : undefined;
}
