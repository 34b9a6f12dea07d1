import type { ApplyRequest, VerifyRequest } from '../../../private/wire/sql';
import type { DatabaseReport } from '../../../private/wire/sql-reports';
import { readRolePowers } from '../catalog/role-powers';
import { readSessionFacts } from '../catalog/session-facts';
import { type Connections, withConnections, withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import type { Target } from '../connection/target';
import { ident } from '../identifiers';
import { powerNotices } from '../plan/role-powers';
import type { CatalogSnapshot } from '../work/database-work';
import { inParallel } from '../work/in-parallel';
import type { Inspection } from './inspect';
import { verifyDatabase } from './verify-database';

/** What an apply passes on to its verification. */
export interface VerifyOptions {
  readonly connections?: Connections;
  /** The catalogs, by database, that need not be read again. */
  readonly snapshot?: ReadonlyMap<string, CatalogSnapshot>;
  /** The databases of the whole request, if only some are verified. */
  readonly named?: readonly string[];
  /** The inspection of the only database, if the run has changed at most SELECT on relations since. */
  readonly inspection?: Inspection;
  /** How many databases are verified in parallel. */
  readonly workers?: number;
}

/** Runs Datafold's connection test in every database, as the role. */
export async function verify(
  target: Target,
  request: ApplyRequest | VerifyRequest,
  options: VerifyOptions = {},
): Promise<DatabaseReport[]> {
  const { connections, snapshot, workers = 1 } = options;
  if (!connections)
    return withConnections(target, (opened) => verify(target, request, { ...options, connections: opened }));
  const { access, password } = request;
  const { named = access.databases.map((spec) => spec.databaseName) } = options;
  const login = { user: access.roleName, password };
  return inParallel(access.databases, workers, (spec) => {
    const action = `Verifying database ${ident(spec.databaseName)} as ${ident(access.roleName)}`;
    const withAnotherSession = (work: (session: Session) => Promise<void>) =>
      withSession(target, login, spec.databaseName, work);
    const isFirst = spec.databaseName === named[0];
    const isApply = request.operation === 'apply';
    const verification = {
      access,
      spec,
      adminName: isApply ? request.admin.user : access.roleName,
      withAnotherSession,
      snapshot: snapshot?.get(spec.databaseName),
      named: isFirst ? named : undefined,
      inspection: options.inspection,
      readPowers:
        isFirst && !isApply ? (session: Session) => findPowers(session, access.roleName) : undefined,
    };
    const work = (session: Session) => verifyDatabase(session, verification);
    return retried(target, action, () => connections.use(login, spec.databaseName, work));
  });
}

/** Reads attributes, memberships and members of the role. An apply reads them as the administrator. */
async function findPowers(session: Session, roleName: string): Promise<string[]> {
  const { oid } = await readSessionFacts(session);
  return powerNotices(roleName, await readRolePowers(session, oid));
}
