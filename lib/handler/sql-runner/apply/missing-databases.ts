import type { ApplyRequest } from '../../../private/wire/sql';
import { readDatabases } from '../catalog/databases';
import type { Connections } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Target } from '../connection/target';
import { ident } from '../identifiers';
import { isOpen } from '../plan/closed-database';

/** A request that can be carried out, and what a person should know. */
export interface Possible {
  readonly request: ApplyRequest;
  readonly notices: readonly string[];
}

/** Leaves out the databases that are not there, or take no connections, if the request puts up with that. */
export async function withoutMissing(
  target: Target,
  request: ApplyRequest,
  connections: Connections,
): Promise<Possible> {
  const { access, admin } = request;
  if (access.onMissing !== 'warn') return { request, notices: [] };
  const there = await retried(target, `Reading database ${ident(access.maintenanceDatabase)}`, () =>
    connections.use(admin, access.maintenanceDatabase, readDatabases),
  );
  const isThere = ({ databaseName }: { databaseName: string }) => isOpen(there.get(databaseName));
  const databases = access.databases.filter(isThere);
  const missing = access.databases.filter((spec) => !isThere(spec));
  return {
    request: { ...request, access: { ...access, databases } },
    notices: missing.map(
      ({ databaseName }) =>
        `Database ${ident(databaseName)} is not there, or the admin can't connect to it: it was left out.`,
    ),
  };
}
