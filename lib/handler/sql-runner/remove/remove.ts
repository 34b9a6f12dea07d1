import type { RemoveRequest } from '../../../private/wire/sql';
import type { RemoveReport } from '../../../private/wire/sql-reports';
import { type DatabaseState, readDatabases } from '../catalog/database';
import {
  readDependentDatabases,
  readDependencyDigest,
  ownershipQuery,
  type RoleDependency,
} from '../catalog/dependencies';
import { readPreparedOf } from '../catalog/prepared-transactions';
import { readRole, type RoleFacts } from '../catalog/role';
import { readServer } from '../catalog/server';
import { type Connections, withConnections } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import { addNotices, type Target } from '../connection/target';
import { OutOfTime } from '../deadline';
import { ident, literal, someOf } from '../identifiers';
import { isOpen, skippedNotice } from '../plan/closed-database';
import { planRoleLimits } from '../plan/role-limits';
import { describePrepared, endingPrepared } from '../plan/prepared-transaction';
import { isShared, planRecord } from '../plan/role';
import { planRoleRemoval, type RoleRemoval } from '../plan/role-removal';
import { tempSchemaOwner } from '../role-record';
import { groupBy } from '../plan/statement';
import { inBatches } from '../work/batches';
import { endPrepared } from '../work/prepared-transactions';
import { changingRole } from '../work/role-sessions';
import { dropUnsharedRole, remainingDependencies } from './drop-role';
import { type DatabaseRemoval, removeFromDatabase, type RoleInDatabase } from './remove-database';
import { retainRole, remainingRights } from './retain-role';
import { endSessions } from './sessions';

/** How often privileges that other sessions grant meanwhile are revoked. */
const MAX_ATTEMPTS = 5;
/** How often prepared transactions of the role are looked for while they may block a change of the role. */
const END_PREPARED_EVERY_MS = 500;

/** Removes the access in every database, then the role. Missing objects are no error. */
export async function remove(target: Target, request: RemoveRequest): Promise<RemoveReport> {
  const work = async (connections: Connections) => new RemoveRun(target, request, connections).run();
  return withConnections(target, work, request.admin.user);
}

class RemoveRun {
  /** The remaining dependencies of the role, by database. */
  private readonly left = new Map<string, readonly RoleDependency[]>();
  /** Databases in which the administrator cannot end prepared transactions. */
  private readonly isClosed = new Set<string>();

  constructor(
    private readonly target: Target,
    private readonly request: RemoveRequest,
    private readonly connections: Connections,
  ) {}

  async run(): Promise<RemoveReport> {
    const finished = await this.remove().then(
      () => true,
      (error: unknown) => {
        if (error instanceof OutOfTime) return false;
        throw error;
      },
    );
    return { finished, statements: this.connections.changes, notices: [...this.target.notices] };
  }

  private async remove(): Promise<void> {
    const { access, owner } = this.request;
    const { roleName, maintenanceDatabase } = access;
    const there = await this.in(maintenanceDatabase, readDatabases);
    const role = await this.in(maintenanceDatabase, (session) => readRole(session, roleName));
    const plan = planRoleRemoval(access, owner, role);
    if (plan.notice) addNotices(this.target, [plan.notice]);
    const holding = role && plan.disposition === 'drop' ? await this.blockLogins(role) : [];
    const removal: DatabaseRemoval = {
      access,
      owner: tempSchemaOwner(roleName, role?.record, owner),
      role: role && inDatabase(role, plan),
      remaining: plan.remaining,
    };
    const names = new Set([...access.databases.map((spec) => spec.databaseName), ...holding]);
    for (const name of names) {
      const state = there.get(name);
      if (state && !isOpen(state)) addNotices(this.target, [skippedNotice(state)]);
      if (isOpen(state)) await this.revokeFrom(name, removal);
    }
    if (role && ['keep', 'restore'].includes(plan.disposition)) await this.leaveRole();
    if (role && plan.disposition === 'drop') await this.endRole(role.oid, removal, there);
  }

  /** Drops the role. Revokes again if other sessions granted privileges between the revokes and the drop. */
  private async endRole(
    role: number,
    removal: DatabaseRemoval,
    there: ReadonlyMap<string, DatabaseState>,
  ): Promise<void> {
    const { access, admin } = this.request;
    const inMaintenance = <T>(work: (session: Session) => Promise<T>) =>
      this.in(access.maintenanceDatabase, work);
    const digest = async () => inMaintenance((session) => readDependencyDigest(session, role));
    let hasNewGrants = true;
    for (let attempt = 1; hasNewGrants && attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (await inMaintenance((session) => this.dropOrRetain(session, role))) return;
      const before = await digest();
      const holding = await inMaintenance((session) => readDependentDatabases(session, role));
      for (const name of holding)
        if (name !== null && isOpen(there.get(name))) await this.revokeFrom(name, removal);
      hasNewGrants = (await digest()) !== before;
    }
    const leftovers = { left: this.left, there, adminName: admin.user, hasNewGrants };
    throw await inMaintenance((session) => remainingDependencies(session, access.roleName, role, leftovers));
  }

  /** Drops the role, or keeps it without rights if it owns objects. Returns false if it still has privileges. */
  private async dropOrRetain(session: Session, role: number): Promise<boolean> {
    const { access, owner } = this.request;
    if (isShared(await readRole(session, access.roleName), owner)) {
      await this.leaveRole(); // another stack began to use the role meanwhile
      return true;
    }
    await this.endSessions(session, role);
    const ownership = await session.query(ownershipQuery(role));
    if (ownership.length === 0) return dropUnsharedRole(session, access.roleName, role, owner);
    const objectsIn = (database: string) =>
      (this.left.get(database) ?? [])
        .filter(({ isObject }) => isObject)
        .map(({ description }) => description);
    const which = { roleName: access.roleName, role, owner };
    const { notice, refused } = await retainRole(session, which, ownership, objectsIn);
    addNotices(this.target, [notice]);
    if (refused.length > 0) throw remainingRights(access.roleName, refused);
    return (await readDependentDatabases(session, role, 'privileges')).length === 0;
  }

  /** Removes this owner from the record. Restores the original state of an adopted role after its last owner. */
  private async leaveRole(): Promise<void> {
    const { access, owner } = this.request;
    const { roleName, maintenanceDatabase } = access;
    await this.in(maintenanceDatabase, (session) =>
      changingRole(session, roleName, async () => {
        const found = await readRole(session, roleName);
        const { disposition, record, remaining } = planRoleRemoval(access, owner, found);
        if (!found || !['keep', 'restore'].includes(disposition)) return;
        const isRestored = disposition === 'restore';
        const isOurs = found.record !== undefined && !found.record.adopted;
        const limits = planRoleLimits({ roleName }, access, found, isOurs, remaining);
        const { originalConnectionLimit: limit } = limits;
        const kept = record && { ...record, connectionLimit: limit ?? undefined };
        const isChanged = isRestored ? found.record !== undefined : record !== undefined;
        const statements = isChanged ? planRecord(roleName, found, kept) : [];
        for (const { text } of [...limits.statements, ...statements]) await session.change(text);
      }),
    );
  }

  /** Revokes LOGIN and terminates the sessions of the role. Returns the databases in which the role owns objects or has privileges. */
  private async blockLogins(role: RoleFacts): Promise<string[]> {
    const { roleName, maintenanceDatabase } = this.request.access;
    return this.in(maintenanceDatabase, async (session) => {
      const holding = await readDependentDatabases(session, role.oid);
      const revokeLogin = async () => {
        await session.change(`ALTER ROLE ${ident(roleName)} NOLOGIN`);
        const record = { ...role.record!, state: 'being-removed' as const };
        for (const { text } of planRecord(roleName, role, record)) await session.change(text);
      };
      if (role.canLogin)
        await this.whilePreparedEnd(role.oid, () =>
          changingRole(session, roleName, revokeLogin, 'transactionWithoutLock'),
        );
      await this.endSessions(session, role.oid);
      return holding.filter((name) => name !== null);
    });
  }

  /**
   * Runs `work`, which changes the role, and ends prepared transactions of the role meanwhile: if one blocks the work, the work gets
   * the lock next, before sessions of the role that began to wait later.
   */
  private async whilePreparedEnd<T>(role: number, work: () => Promise<T>): Promise<T> {
    const { maintenanceDatabase } = this.request.access;
    let ending = Promise.resolve();
    const end = () => this.in(maintenanceDatabase, (session) => this.endPrepared(session, role));
    const timer = setInterval(
      () => (ending = ending.then(end).catch(() => undefined)),
      END_PREPARED_EVERY_MS,
    );
    try {
      return await work();
    } finally {
      clearInterval(timer);
      await ending;
    }
  }

  /** Rolls back prepared transactions of the role, which survive its sessions and keep their locks. */
  private async endPrepared(session: Session, role: number): Promise<void> {
    const { roleName } = this.request.access;
    const found = await readPreparedOf(session, roleName);
    for (const [name, transactions] of groupBy(found, ({ databaseName }) => databaseName)) {
      if (this.isClosed.has(name)) continue; // reported before
      const refused = await this.in(name, (own) => endPrepared(own, role, transactions)).catch(
        (error: unknown) => {
          if (error instanceof OutOfTime) throw error;
          this.isClosed.add(name); // its owner can refuse connections
          return transactions;
        },
      );
      const ended = transactions.filter((one) => !refused.includes(one));
      if (ended.length > 0)
        addNotices(this.target, [
          `Prepared transactions of the role ${ident(roleName)} in database ${ident(name)}, which held locks, were rolled back: ${someOf(ended.map(({ gid }) => literal(gid).trim()))}.`,
        ]);
      addNotices(
        this.target,
        refused.map(
          (one) => `The administrator may not end ${describePrepared(one)}. ${endingPrepared(one)}`,
        ),
      );
    }
  }

  /**
   * Terminates the sessions of a role that may no longer log in, and ends its prepared transactions.
   *
   * Repeated before each step: a login that began before NOLOGIN may end after it, and only then is the session visible.
   */
  private async endSessions(session: Session, role: number): Promise<void> {
    addNotices(this.target, await endSessions(session, this.request.access.roleName, role));
    await this.endPrepared(session, role);
  }

  private async revokeFrom(name: string, removal: DatabaseRemoval): Promise<void> {
    await this.in(name, async (session) => {
      if (removal.role?.disposition === 'drop') await this.endSessions(session, removal.role.oid);
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
    return retried(target, action, () => this.connections.use(request.admin, name, work));
  }
}

/** Returns what to do with the access of the role to databases. */
function inDatabase({ oid, record }: RoleFacts, { disposition }: RoleRemoval): RoleInDatabase | undefined {
  if (disposition === 'ignore') return undefined;
  const isAdopted = disposition === 'restore' || record?.adopted;
  return { oid, disposition: isAdopted ? 'preserve' : disposition };
}
