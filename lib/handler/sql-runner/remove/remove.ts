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
import { withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import { type Target, tell } from '../connection/target';
import { OutOfTime } from '../deadline';
import { ident, literal } from '../identifiers';
import { parseMarker, removalMarkerFor, whose } from '../marker';
import { isOpen, notEntered } from '../plan/closed-database';
import { planRoleLimits } from '../plan/role-limits';
import { planRoleRemoval } from '../plan/role-removal';
import { inShares } from '../work/shares';
import { dropRole, stillHolds } from './drop-role';
import { type Departure, type LeavingRole, removeFromDatabase } from './remove-database';
import { retainRole, stillPrivileged } from './retain-role';
import { endSessions } from './sessions';

/** How often what others give the role meanwhile is taken back. */
const MAX_ROUNDS = 5;

/** Takes away what runs made: in every database, then the role. What has gone already is no error. */
export async function remove(target: Target, request: RemoveRequest): Promise<SqlReport> {
  return new RemoveRun(target, request).run();
}

class RemoveRun {
  private statements = 0;
  /** What the role still has in a database. */
  private readonly left = new Map<string, readonly RoleDependency[]>();

  constructor(
    private readonly target: Target,
    private readonly request: RemoveRequest,
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
    if (notice) tell(this.target, [notice]);
    const holding = role && isOurs ? await this.shutOut(role) : [];
    const departure: Departure = { access, owner, role: role && this.leaving(role, isOurs) };
    const names = new Set([...access.databases.map((spec) => spec.databaseName), ...holding]);
    for (const name of names) {
      const state = there.get(name);
      if (state && !isOpen(state)) tell(this.target, [notEntered(state)]);
      if (isOpen(state)) await this.leave(name, departure);
    }
    if (role && access.adoptExisting && !isOurs) await this.restoreLimits(role);
    if (role && isOurs) await this.endRole(role.oid, departure, there);
  }

  /** Others may give the role something between the revokes and its drop: then it is all looked at again. */
  private async endRole(
    role: number,
    departure: Departure,
    there: ReadonlyMap<string, DatabaseState>,
  ): Promise<void> {
    const { access, admin } = this.request;
    const inMaintenance = <T>(work: (session: Session) => Promise<T>) =>
      this.in(access.maintenanceDatabase, work);
    const digest = async () => inMaintenance((session) => readHoldingDigest(session, role));
    let isGivenMore = true;
    for (let round = 1; isGivenMore && round <= MAX_ROUNDS; round += 1) {
      if (await inMaintenance((session) => this.dropOrRetain(session, role))) return;
      const before = await digest();
      const holding = await inMaintenance((session) => readHoldingDatabases(session, role));
      for (const name of holding)
        if (name !== null && isOpen(there.get(name))) await this.leave(name, departure);
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
    tell(this.target, [notice]);
    if (refused.length > 0) throw stillPrivileged(access.roleName, refused);
    return (await readHoldingDatabases(session, role, 'privileges')).length === 0;
  }

  private leaving({ oid, comment }: RoleFacts, isOurs: boolean): LeavingRole | undefined {
    const { access, owner } = this.request;
    const marked = whose(comment, owner);
    if (isOurs) return { oid, fate: 'goes' };
    if (marked === 'ours-of-another-incarnation') return { oid, fate: 'reused' };
    return access.adoptExisting ? { oid, fate: 'kept' } : undefined;
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
  private async shutOut(role: RoleFacts): Promise<string[]> {
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
      tell(this.target, await endSessions(session, roleName, role.oid));
      return holding.filter((name) => name !== null);
    });
  }

  private async leave(name: string, departure: Departure): Promise<void> {
    await this.in(name, async (session) => {
      const server = await readServer(session);
      const finished = await inShares(
        session,
        server,
        () => removeFromDatabase(session, server, departure),
        ({ notices, left = [] }) => {
          tell(this.target, notices);
          this.left.set(name, left);
        },
      );
      if (!finished) throw new OutOfTime();
    });
  }

  private async in<T>(name: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { target, request } = this;
    const doing = `Removing ${ident(request.access.roleName)} from database ${ident(name)}`;
    return retried(target, doing, () =>
      withSession(target, request.admin, name, async (session) => {
        try {
          return await work(session);
        } finally {
          this.statements += session.changes;
        }
      }),
    );
  }
}
