import type { ApplyRequest } from '../../../private/wire/sql';
import { readDatabases } from '../catalog/database';
import type { Connections } from '../connection/connections';
import { retried } from '../connection/retry';
import { addNotices, type Target } from '../connection/target';
import { ident } from '../identifiers';
import { isOpen } from '../plan/closed-database';

/** Returns the request without databases that do not exist or accept no connections, with notices, if `onMissing` is `warn`. */
export async function withoutMissing(
  target: Target,
  request: ApplyRequest,
  connections: Connections,
): Promise<ApplyRequest> {
  const { access, admin } = request;
  if (access.onMissing !== 'warn') return request;
  const found = await retried(target, `Reading database ${ident(access.maintenanceDatabase)}`, () =>
    connections.use(admin, access.maintenanceDatabase, readDatabases),
  );
  const isAvailable = ({ databaseName }: { databaseName: string }) => isOpen(found.get(databaseName));
  const databases = access.databases.filter(isAvailable);
  const missing = access.databases.filter((spec) => !isAvailable(spec));
  addNotices(
    target,
    missing.map(
      ({ databaseName }) =>
        `Database ${ident(databaseName)} does not exist, or the administrator cannot connect to it: the database was skipped.`,
    ),
  );
  return { ...request, access: { ...access, databases } };
}
