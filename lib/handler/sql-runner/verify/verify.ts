import type { ApplyRequest, DatabaseReport, VerifyRequest } from '../../../private/wire/sql';
import { type Connections, withConnections, withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import type { Target } from '../connection/target';
import { ident } from '../identifiers';
import type { Seen } from '../work/database-work';
import { findOtherDatabases } from './elsewhere';
import { verifyDatabase } from './verify-database';

/** Runs Datafold's test in every database, as the role; it counts less where what was `seen` makes that unnecessary. */
export async function verify(
  target: Target,
  request: ApplyRequest | VerifyRequest,
  connections?: Connections,
  seen?: ReadonlyMap<string, Seen>,
  named: readonly string[] = request.access.databases.map((spec) => spec.databaseName),
): Promise<DatabaseReport[]> {
  if (!connections) return withConnections(target, (opened) => verify(target, request, opened));
  const { access, admin, password } = request;
  const login = { user: access.roleName, password };
  const reports: DatabaseReport[] = [];
  for (const spec of access.databases) {
    const doing = `Verifying database ${ident(spec.databaseName)} as ${ident(access.roleName)}`;
    const before = seen?.get(spec.databaseName);
    const withAnotherSession = (work: (session: Session) => Promise<void>) =>
      withSession(target, login, spec.databaseName, work);
    const context = { access, spec, adminName: admin.user, withAnotherSession, seen: before };
    const work = async (session: Session): Promise<DatabaseReport> => ({
      ...(await verifyDatabase(session, context)),
      ...(spec.databaseName === named[0] && { reach: await findOtherDatabases(session, access, named) }),
    });
    reports.push(await retried(target, doing, () => connections.use(login, spec.databaseName, work)));
  }
  return reports;
}
