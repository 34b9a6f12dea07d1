import type { ApplyRequest, DatabaseReport, DatabaseSpec, SqlReport } from '../../../private/wire/sql';
import { readSchemas } from '../catalog/schemas';
import { readServer } from '../catalog/server';
import { type Connections, withConnections } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import { type Target, tell } from '../connection/target';
import { OutOfTime } from '../deadline';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { isMadeFor, whose } from '../marker';
import { removeFromDatabase } from '../remove/remove-database';
import { verify } from '../verify/verify';
import type { Grantee, Seen } from '../work/database-work';
import { inShares } from '../work/shares';
import { applyDatabase } from './apply-database';
import { applyRole, readRoleWork } from './apply-role';
import { checkDatabase } from './check-database';
import { findDatabasesToLeave, mayLeaveDatabases } from './databases-to-leave';
import { withoutMissing } from './missing-databases';
import { reportOpenTransactions } from './future-tables';
import { lockedReport } from './locked-report';
import { refuseUnusable } from './refuse-unusable';

/** Makes the server what is wanted, then verifies it as the role. */
export async function apply(target: Target, request: ApplyRequest): Promise<SqlReport> {
  return withConnections(target, async (connections) => {
    const possible = await withoutMissing(target, request, connections);
    return new ApplyRun(target, possible, connections).run();
  });
}

class ApplyRun {
  private statements = 0;
  private finished = true;
  /** Somebody has locked the role: nothing can be verified. */
  private lock: string | undefined;
  private readonly seen = new Map<string, Seen>();
  /** Databases in which the admin may not act as some owner. */
  private readonly refused = new Set<string>();

  constructor(
    private readonly target: Target,
    private readonly request: ApplyRequest,
    private readonly connections: Connections,
  ) {}

  async run(): Promise<SqlReport> {
    try {
      return await this.converge();
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      return { ...this.report(), finished: false, databases: [] };
    }
  }

  private async converge(): Promise<SqlReport> {
    const { access } = this.request;
    const role = await this.role();
    const isRoleChanged = this.statements > 0;
    for (const spec of access.databases) if (this.finished) await this.database(spec, role);
    const toLeave = this.finished ? await this.databasesToLeave(role) : [];
    for (const name of toLeave) if (this.finished) await this.leave(name, role);
    if (!this.finished) return { ...this.report(), databases: [] };
    if (toLeave.length > 0) await this.connections.end({ user: access.roleName }); // what was taken must be missed
    const seen = isRoleChanged ? undefined : this.seen;
    const databases =
      this.lock === undefined
        ? await verify(this.target, this.request, this.connections, seen)
        : access.databases.map((spec) => lockedReport(spec, this.lock!));
    const late = await this.makeLateOnesReadable(databases, role);
    if (!this.finished) return { ...this.report(), databases: [] };
    const final = databases.map((one) => late.find((two) => two.databaseName === one.databaseName) ?? one);
    refuseUnusable(this.request, final, this.refused);
    return { ...this.report(), databases: final };
  }

  /** What others made while the run granted is found unreadable by the verification: one more look at those databases. */
  private async makeLateOnesReadable(
    reports: readonly DatabaseReport[],
    role: Grantee,
  ): Promise<DatabaseReport[]> {
    const isLate = ({ databaseName, unreadableCount }: DatabaseReport) =>
      unreadableCount > 0 && (this.statements > 0 || !this.refused.has(databaseName));
    const names = reports.filter(isLate).map((report) => report.databaseName);
    const databases = this.request.access.databases.filter((spec) => names.includes(spec.databaseName));
    for (const spec of databases) if (this.finished) await this.database(spec, role);
    if (databases.length === 0 || !this.finished) return [];
    const access = { ...this.request.access, databases };
    const named = this.request.access.databases.map((spec) => spec.databaseName);
    return verify(this.target, { ...this.request, access }, this.connections, undefined, named);
  }

  private report(): Pick<SqlReport, 'finished' | 'statements' | 'notices'> {
    const { finished, statements, target } = this;
    return { finished, statements, notices: [...target.notices] };
  }

  /** Makes the role, after a look at every database: what is wanted there may be impossible. */
  private async role(): Promise<Grantee> {
    const { access, owner, password } = this.request;
    const [first = access.maintenanceDatabase] = access.databases.map((spec) => spec.databaseName);
    const logIn = () => this.connections.use({ user: access.roleName, password }, first, async () => {});
    const work = await this.in(first, 'Reading', (session) => readRoleWork(session, this.request, logIn));
    if (work.role && isMadeFor(work.role.comment, owner)) this.target.onFound?.();
    this.lock = work.lock;
    if (work.lock !== undefined) tell(this.target, [work.lock]);
    if (!work.isDone || access.databases.length > 1) {
      for (const spec of access.databases) {
        await this.in(spec.databaseName, 'Reading', async (session) =>
          checkDatabase(await readSchemas(session, work.role?.oid), this.request, spec),
        );
      }
    }
    const role = work.isDone
      ? work.role!
      : await this.in(access.maintenanceDatabase, 'Setting up the role in', (session) =>
          applyRole(session, this.request, work.password),
        );
    return { oid: role.oid, isOurs: whose(role.comment, owner) === 'ours' };
  }

  private async database(spec: DatabaseSpec, role: Grantee): Promise<void> {
    let isOld = true; // nothing was changed but that tables were made readable
    await this.in(spec.databaseName, 'Granting in', async (session) => {
      const server = await readServer(session);
      const reportOpen = async () => {
        if (this.request.access.futureTables)
          tell(this.target, await reportOpenTransactions(session, role.oid));
      };
      const before = session.changes;
      await reportOpen();
      this.finished = await inShares(
        session,
        server,
        (after) => applyDatabase(session, server, this.request, spec, role, after),
        ({ notices, seen, isRefused }) => {
          tell(this.target, notices);
          if (isRefused) this.refused.add(spec.databaseName);
          isOld &&= seen !== undefined;
          if (isOld) this.seen.set(spec.databaseName, seen!);
          else this.seen.delete(spec.databaseName);
        },
      );
      if (session.changes > before) await reportOpen();
    });
  }

  private async databasesToLeave({ oid }: Grantee): Promise<readonly string[]> {
    if (!mayLeaveDatabases(this.request)) return [];
    const { names, notices } = await this.in(this.request.access.maintenanceDatabase, 'Reading', (session) =>
      findDatabasesToLeave(session, this.request, oid),
    );
    tell(this.target, notices);
    return names;
  }

  /** Takes everything back in a database that is no longer wanted. */
  private async leave(name: string, { oid, isOurs }: Grantee): Promise<void> {
    const { previous, owner } = this.request;
    const fate = isOurs ? ('stays' as const) : ('adopted' as const);
    const departure = { access: previous!, owner, role: { oid, fate } };
    try {
      await this.in(name, 'Revoking in', async (session) => {
        const server = await readServer(session);
        this.finished = await inShares(
          session,
          server,
          () => removeFromDatabase(session, server, departure),
          ({ notices }) => tell(this.target, notices),
        );
      });
    } catch (error) {
      if (!(error instanceof SqlRunnerError) || error.code !== '3D000') throw error; // it has gone: nothing to revoke
    }
  }

  private async in<T>(name: string, doing: string, work: (session: Session) => Promise<T>): Promise<T> {
    return retried(this.target, `${doing} database ${ident(name)}`, () =>
      this.connections.use(this.request.admin, name, async (session) => {
        const before = session.changes;
        try {
          return await work(session);
        } finally {
          this.statements += session.changes - before;
        }
      }),
    );
  }
}
