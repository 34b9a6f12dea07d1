import type { ApplyRequest, DatabaseSpec } from '../../../private/wire/sql';
import { withoutConnection } from '../../../private/wire/sql-reports';
import type { DatabaseReport, ApplyReport } from '../../../private/wire/sql-reports';
import { readServer, readSessionLimits } from '../catalog/server';
import { type Connections, withConnections } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import { addNotices, type Target } from '../connection/target';
import { OutOfTime } from '../deadline';
import { ident } from '../identifiers';
import { replacedPassword } from '../plan/role-lock';
import { inspectEarly, type Inspection } from '../verify/inspect';
import { verify } from '../verify/verify';
import type { DatabaseOutcome, Grantee, CatalogSnapshot } from '../work/database-work';
import { inParallel, workersFor } from '../work/in-parallel';
import { inBatches } from '../work/batches';
import { applyDatabase, continueReading } from './apply-database';
import { applyRole, granteeOf, readRoleWork } from './apply-role';
import { readAndCheck } from './check-database';
import { refuseUngrantable } from './refuse-ungrantable';
import { type InDatabase, revokeFromRemoved } from './removed-databases';
import { withoutMissing } from './missing-databases';
import { reportOpenTransactions } from './future-tables';
import { refuseUnusable } from './refuse-unusable';

/** Applies the desired access on the server, then verifies it as the role. */
export async function apply(target: Target, request: ApplyRequest): Promise<ApplyReport> {
  const work = async (connections: Connections) => {
    const possible = await withoutMissing(target, request, connections);
    return new ApplyRun(target, possible, connections).run();
  };
  return withConnections(target, work, request.admin.user);
}

class ApplyRun {
  private finished = true;
  /** Why the role cannot log in: nothing can be verified. */
  private lock: string | undefined;
  private readonly snapshot = new Map<string, CatalogSnapshot>();
  /** Databases in which the run changed more than SELECT on relations. */
  private readonly isChanged = new Set<string>();
  private workers = 1;
  /** The password of another stack is replaced after all other work. */
  private isPasswordDue = false;
  /** Databases with an owner that the administrator may not act as. */
  private readonly refused = new Set<string>();
  /** The inspection of the only database; undefined if the run changed more than SELECT on relations since. */
  private inspection: Promise<Inspection | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly target: Target,
    private readonly request: ApplyRequest,
    private readonly connections: Connections,
  ) {}

  async run(): Promise<ApplyReport> {
    try {
      return await this.converge();
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      return { ...this.report(), finished: false, databases: [] };
    }
  }

  private async converge(): Promise<ApplyReport> {
    try {
      const role = await this.role();
      if (this.connections.changes === 0) this.inspect();
      return await this.work(role);
    } finally {
      await this.inspection;
    }
  }

  private async work(role: Grantee): Promise<ApplyReport> {
    const { access } = this.request;
    const isRoleChanged = this.connections.changes > 0;
    const toDo = isRoleChanged ? access.databases : await this.withoutDone(role);
    for (const spec of toDo) if (this.finished) await this.database(spec, role);
    const hasRemoved = this.finished && (await this.revokeFromRemoved(role));
    if (!this.finished) return { ...this.report(), databases: [] };
    if (this.isPasswordDue) await this.replacePassword(role);
    const inspection = await this.inspection;
    if (hasRemoved) await this.connections.end({ user: access.roleName }); // new sessions notice what was revoked
    const { connections, workers } = this;
    const snapshot = isRoleChanged ? undefined : this.snapshot;
    const databases =
      this.lock === undefined
        ? await verify(this.target, this.request, {
            connections,
            snapshot,
            workers,
            inspection: hasRemoved ? undefined : inspection,
          })
        : access.databases.map(({ databaseName }) => withoutConnection(databaseName, this.lock!));
    const late = await this.grantNewlyCreated(databases, role);
    if (!this.finished) return { ...this.report(), databases: [] };
    const final = databases.map((one) => late.find((two) => two.databaseName === one.databaseName) ?? one);
    refuseUnusable(this.request, final, this.refused);
    return { ...this.report(), databases: final };
  }

  /** Grants once more in databases in which the verification found unreadable relations that other sessions created meanwhile. */
  private async grantNewlyCreated(
    reports: readonly DatabaseReport[],
    role: Grantee,
  ): Promise<DatabaseReport[]> {
    const hasNewRelations = ({ databaseName, unreadableCount }: DatabaseReport) =>
      unreadableCount > 0 && (this.connections.changes > 0 || !this.refused.has(databaseName));
    const names = reports.filter(hasNewRelations).map((report) => report.databaseName);
    const databases = this.request.access.databases.filter((spec) => names.includes(spec.databaseName));
    for (const spec of databases) if (this.finished) await this.database(spec, role);
    if (databases.length === 0 || !this.finished) return [];
    const access = { ...this.request.access, databases };
    const named = this.request.access.databases.map((spec) => spec.databaseName);
    return verify(this.target, { ...this.request, access }, { connections: this.connections, named });
  }

  private report(): Pick<ApplyReport, 'finished' | 'statements' | 'notices'> {
    const { finished, connections, target } = this;
    return { finished, statements: connections.changes, notices: [...target.notices] };
  }

  /** Creates or changes the role, after checking every database: the desired access may be impossible in one. */
  private async role(): Promise<Grantee> {
    const { access, password } = this.request;
    const [first = access.maintenanceDatabase] = access.databases.map((spec) => spec.databaseName);
    const logIn = () => this.connections.use({ user: access.roleName, password }, first, async () => {});
    const work = await this.in(first, 'Reading', async (session) => {
      await this.setWorkers(session);
      return readRoleWork(session, this.request, logIn, this.target.onFound);
    });
    this.lock = work.lock;
    addNotices(this.target, work.notices);
    this.isPasswordDue = work.password === 'set-last';
    if (!work.isDone) {
      await inParallel(access.databases, this.workers, (spec) =>
        this.in(spec.databaseName, 'Reading', (session) =>
          readAndCheck(session, this.request, spec, work.role),
        ),
      );
      if (work.role && work.isAdoption)
        await refuseUngrantable(this.target, this.request, granteeOf(work.role, this.request));
    }
    const role = work.isDone
      ? work.role!
      : await this.in(access.maintenanceDatabase, 'Setting up the role in', async (session) => {
          const made = await applyRole(session, this.request, work.password);
          await this.setWorkers(session);
          return made;
        });
    return granteeOf(role, this.request);
  }

  private async setWorkers(session: Session): Promise<void> {
    const { access, admin } = this.request;
    if (access.databases.length < 2) return;
    this.workers = workersFor(await readSessionLimits(session, [admin.user, access.roleName]));
  }

  /**
   * Checks several databases in parallel and returns those that need changes. Changes none before all are checked, because the
   * desired access may be impossible in one.
   */
  private async withoutDone(role: Grantee): Promise<readonly DatabaseSpec[]> {
    const { databases } = this.request.access;
    if (databases.length < 2) return databases;
    const outcomes = await inParallel(databases, this.workers, (spec) =>
      this.in(spec.databaseName, 'Reading', async (session) => {
        const database = { session, server: await readServer(session), request: this.request, spec, role };
        const open = await reportOpenTransactions(session, this.request.access, role.oid);
        const outcome = await session.transactionWithoutWriting(() => applyDatabase(database));
        return outcome?.finished && { ...outcome, notices: [...open, ...outcome.notices] };
      }),
    );
    return databases.filter((spec, index) => {
      const outcome = outcomes[index];
      if (outcome) this.note(spec, outcome);
      return !outcome;
    });
  }

  private async database(spec: DatabaseSpec, role: Grantee): Promise<void> {
    this.isChanged.delete(spec.databaseName);
    await this.in(spec.databaseName, 'Granting in', async (session) => {
      const server = await readServer(session);
      const database = { session, server, request: this.request, spec, role };
      addNotices(this.target, await reportOpenTransactions(session, this.request.access, role.oid));
      this.finished = await inBatches(
        session,
        server,
        (progress) => (progress ? continueReading(database, progress) : applyDatabase(database)),
        (outcome) => this.note(spec, outcome),
      );
      if (this.isChanged.has(spec.databaseName))
        addNotices(this.target, await reportOpenTransactions(session, this.request.access, role.oid));
    });
  }

  /** Keeps the outcome of a committed transaction. */
  private note({ databaseName }: DatabaseSpec, outcome: DatabaseOutcome): void {
    const { finished, notices, progress, snapshot, isRefused } = outcome;
    addNotices(this.target, notices);
    if (isRefused) this.refused.add(databaseName);
    if (!snapshot) {
      this.isChanged.add(databaseName);
      this.inspection = this.inspection.then(() => undefined);
      if (progress && !finished) this.inspect();
    }
    if (this.isChanged.has(databaseName)) this.snapshot.delete(databaseName);
    else this.snapshot.set(databaseName, snapshot!);
  }

  /** Begins to inspect the only database. Granting SELECT meanwhile does not change the result. */
  private inspect(): void {
    if (this.lock !== undefined || this.isPasswordDue) return;
    this.inspection = this.inspection.then(() => inspectEarly(this.request, this.connections));
  }

  /** Replaces a password that other owners may use, after all work but the verification. */
  private async replacePassword({ coOwners }: Grantee): Promise<void> {
    const { roleName, maintenanceDatabase } = this.request.access;
    await this.in(maintenanceDatabase, 'Setting up the role in', (session) =>
      applyRole(session, this.request, 'set'),
    );
    await this.connections.end({ user: roleName });
    addNotices(this.target, [replacedPassword(roleName, coOwners)]);
  }

  /** Revokes all access to databases that are no longer desired. Returns whether there are any. */
  private async revokeFromRemoved(role: Grantee): Promise<boolean> {
    const inDatabase: InDatabase = (name, action, work) => this.in(name, action, work);
    const notify = (notices: readonly string[]) => addNotices(this.target, notices);
    const { names, finished } = await revokeFromRemoved(this.request, role, inDatabase, notify);
    this.finished = finished;
    return names.length > 0;
  }

  private async in<T>(name: string, action: string, work: (session: Session) => Promise<T>): Promise<T> {
    return retried(this.target, `${action} database ${ident(name)}`, () =>
      this.connections.use(this.request.admin, name, work),
    );
  }
}
