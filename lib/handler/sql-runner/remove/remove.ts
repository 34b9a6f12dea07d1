import type { RemoveRequest, SqlReport } from '../../../private/wire/sql';
import { type DatabaseState, readDatabases } from '../catalog/databases';
import {
  readHoldingDatabases,
  readHoldingDigest,
  readOwnership,
  type RoleDependency,
} from '../catalog/dependencies';
import { readRole, type RoleFacts } from '../catalog/role';
import { readServer } from '../catalog/server';
import { type Connections, withConnections } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import { type Target, addNotices } from '../connection/target';
import { OutOfTime } from '../deadline';
import { ident, literal } from '../identifiers';
import { parseMarker, removalMarkerFor, ownershipOf } from '../marker';
import { isOpen, skippedNotice } from '../plan/closed-database';
import { planRoleLimits } from '../plan/role-limits';
import { planRoleRemoval } from '../plan/role-removal';
import { inBatches } from '../work/batches';
import { dropRole, stillHolds } from './drop-role';
import { type DatabaseRemoval, type RoleDisposition, removeFromDatabase } from './remove-database';
import { retainRole, stillPrivileged } from './retain-role';
import { endSessions } from './sessions';

/** How often what others give the role meanwhile is taken back. */
const MAX_ATTEMPTS = 5;

/** Takes away what runs made: in every database, then the role. What has gone already is no error. */
export async function remove(target: Target, request: RemoveRequest): Promise<SqlReport> {
  const work = async (connections: Connections) => new RemoveRun(target, request, connections).run();
  return withConnections(target, work, request.admin.user);
}

class RemoveRun {
  private statements = 0;
  /** What the role still has in a database. */
  private readonly left = new Map<string, readonly RoleDependency[]>();

  constructor(
    private readonly target: Target,
    private readonly request: RemoveRequest,
    private readonly connections: Connections,
  ) {}

  async run(): Promise<SqlReport> {
    const finished = await this.remove().then(
      () => true,
      (error: unknown) => {
        if (error instanceof OutOfTime) return false;
        throw error;
      },
    );
    return { finished, statements: this.statements, databases: [], notices: [...this.target.notices] };
  }

  private async remove(): Promise<void> {
    const { access, owner } = this.request;
    const there = await this.in(access.maintenanceDatabase, readDatabases);
    const role = await this.in(access.maintenanceDatabase, (session) => readRole(session, access.roleName));
    const { remove: isOurs, notice } = planRoleRemoval(access, owner, role);
    if (notice) addNotices(this.target, [notice]);
    const holding = role && isOurs ? await this.blockLogins(role) : [];
    const removal: DatabaseRemoval = { access, owner, role: role && this.dispositionOf(role, isOurs) };
    const names = new Set([...access.databases.map((spec) => spec.databaseName), ...holding]);
    for (const name of names) {
      const state = there.get(name);
      if (state && !isOpen(state)) addNotices(this.target, [skippedNotice(state)]);
      if (isOpen(state)) await this.removeFrom(name, removal);
    }
    if (role && access.adoptExisting && !isOurs) await this.restoreLimits(role);
    if (role && isOurs) await this.endRole(role.oid, removal, there);
  }

  /** Others may give the role something between the revokes and its drop: then it is all looked at again. */
  private async endRole(
    role: number,
    removal: DatabaseRemoval,
    there: ReadonlyMap<string, DatabaseState>,
  ): Promise<void> {
    const { access, admin } = this.request;
    const inMaintenance = <T>(work: (session: Session) => Promise<T>) =>
      this.in(access.maintenanceDatabase, work);
    const digest = async () => inMaintenance((session) => readHoldingDigest(session, role));
    let isGivenMore = true;
    for (let attempt = 1; isGivenMore && attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (await inMaintenance((session) => this.dropOrRetain(session, role))) return;
      const before = await digest();
      const holding = await inMaintenance((session) => readHoldingDatabases(session, role));
      for (const name of holding)
        if (name !== null && isOpen(there.get(name))) await this.removeFrom(name, removal);
      isGivenMore = (await digest()) !== before;
    }
    const leftovers = { left: this.left, there, adminName: admin.user, isGivenMore };
    throw await inMaintenance((session) => stillHolds(session, access.roleName, role, leftovers));
  }

  /** False: the role still has privileges. */
  private async dropOrRetain(session: Session, role: number): Promise<boolean> {
    const { access, owner } = this.request;
    const ownership = await readOwnership(session, role);
    if (ownership.length === 0) return dropRole(session, access.roleName, role);
    const objectsIn = (database: string) =>
      (this.left.get(database) ?? [])
        .filter(({ isObject }) => isObject)
        .map(({ description }) => description);
    const which = { roleName: access.roleName, role, owner };
    const { notice, refused } = await retainRole(session, which, ownership, objectsIn);
    addNotices(this.target, [notice]);
    if (refused.length > 0) throw stillPrivileged(access.roleName, refused);
    return (await readHoldingDatabases(session, role, 'privileges')).length === 0;
  }

  private dispositionOf({ oid, comment }: RoleFacts, isOurs: boolean): RoleDisposition | undefined {
    const { access, owner } = this.request;
    const marked = ownershipOf(comment, owner);
    if (isOurs) return { oid, disposition: 'goes' };
    if (marked === 'ours-of-another-incarnation') return { oid, disposition: 'reused' };
    return access.adoptExisting ? { oid, disposition: 'kept' } : undefined;
  }

  /** What a run has set on a role that was there before goes. */
  private async restoreLimits({ isSuperuser, comment }: RoleFacts): Promise<void> {
    const { access } = this.request;
    if (isSuperuser || parseMarker(comment)) return;
    const { roleName, maintenanceDatabase } = access;
    await this.in(maintenanceDatabase, (session) =>
      session.transaction(async () => {
        const found = await readRole(session, roleName);
        if (!found) return;
        const { statements } = planRoleLimits({ roleName }, access, found, false);
        for (const { text } of statements) await session.change(text);
      }),
    );
  }

  /** Ends the role's sessions and lets no new one in. Returns the databases in which it has something. */
  private async blockLogins(role: RoleFacts): Promise<string[]> {
    const { access, owner } = this.request;
    const { roleName, maintenanceDatabase } = access;
    return this.in(maintenanceDatabase, async (session) => {
      const holding = await readHoldingDatabases(session, role.oid);
      if (role.canLogin) {
        await session.transactionWithoutLock(async () => {
          await session.change(`ALTER ROLE ${ident(roleName)} NOLOGIN`);
          const mark = literal(removalMarkerFor(owner));
          await session.change(`COMMENT ON ROLE ${ident(roleName)} IS ${mark}`);
        });
      }
      addNotices(this.target, await endSessions(session, roleName, role.oid));
      return holding.filter((name) => name !== null);
    });
  }

  private async removeFrom(name: string, removal: DatabaseRemoval): Promise<void> {
    await this.in(name, async (session) => {
      const server = await readServer(session);
      const finished = await inBatches(
        session,
        server,
        () => removeFromDatabase(session, server, removal),
        ({ notices, left = [] }) => {
          addNotices(this.target, notices);
          this.left.set(name, left);
        },
      );
      if (!finished) throw new OutOfTime();
    });
  }

  private async in<T>(name: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { target, request } = this;
    const action = `Removing ${ident(request.access.roleName)} from database ${ident(name)}`;
    return retried(target, action, () =>
      this.connections.use(request.admin, name, async (session) => {
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
