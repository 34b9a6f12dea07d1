import { readMemberships, type MembershipRow } from '../catalog/memberships';
import { mayGrant, readAdministrators, readActingRights, type ActingRights } from '../catalog/acting-rights';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { ident, idents } from '../identifiers';
import { FULL_MEMBERSHIP, grantMembership, membershipOptions, revokeMembership } from '../plan/privileges';
import type { ActAs } from '../plan/statement';
import { codeAndMessage } from '../sqlstates';

/** The error (XX000) if the admin option is held only through another role. */
const NO_POSSIBLE_GRANTORS = 'no possible grantors';

/**
 * The roles that a transaction acts as. The administrator becomes a member of them where the server allows it, and its original
 * memberships are restored before the transaction ends.
 */
export class RoleMemberships {
  private roles = new Map<number, ActingRights>();
  private before: MembershipRow[] = [];
  private joined: string[] = [];

  constructor(
    private readonly session: Session,
    private readonly server: ServerFacts,
  ) {}

  /** Returns how the administrator can act as the role `oid`. */
  howToActAs(oid: number): ActAs {
    const role = this.roles.get(oid);
    if (role?.usage) return 'direct';
    return role?.set ? 'set' : 'none';
  }

  /** Returns true if `oid` is the administrator. */
  isAdmin(oid: number): boolean {
    return oid === this.server.meOid;
  }

  /** Returns true if the administrator may `SET ROLE` to the role `oid`. */
  canSet(oid: number): boolean {
    return this.roles.get(oid)?.set ?? false;
  }

  /** Returns the name of a role that `extendTo` read. */
  nameOf(oid: number): string {
    return this.roles.get(oid)?.name ?? `role ${oid}`;
  }

  /**
   * Reads how the administrator can act as the roles `oids` and makes it a member where needed: to `SET ROLE`, to inherit the
   * privileges, or, without a demand, for either.
   */
  async extendTo(oids: Iterable<number>, demand?: 'set' | 'usage'): Promise<void> {
    const desired = [...new Set(oids)].filter((oid) => {
      const role = this.roles.get(oid);
      return !role || (demand && !role[demand]);
    });
    if (desired.length === 0) return;
    const found = await readActingRights(this.session, this.server, desired);
    const missing = found.filter((role) => (demand ? !role[demand] : !(role.usage || role.set)));
    await this.join(missing.filter((role) => this.mayGrant(role)).map((role) => role.name));
    const now = missing.length === 0 ? found : await readActingRights(this.session, this.server, desired);
    for (const role of now) this.roles.set(role.oid, this.canName(role) ? role : { ...role, set: false });
  }

  /** Restores the original memberships of the administrator. */
  async restore(): Promise<void> {
    if (this.joined.length === 0) return;
    const after = await readMemberships(this.session, this.server, this.joined);
    const key = (row: MembershipRow) => JSON.stringify([row.role, row.grantor]);
    const before = new Map(this.before.map((row) => [key(row), row]));
    // In reverse order: an earlier membership may have been needed for a later one.
    after.sort((a, b) => this.joined.lastIndexOf(b.role) - this.joined.lastIndexOf(a.role));
    let added: string[] = [];
    const revokeAdded = async () => {
      if (added.length > 0) await this.session.run(revokeMembership(idents(added)));
      added = [];
    };
    for (const row of after) {
      const old = before.get(key(row));
      if (!old) added.push(row.role);
      if (!old || (old.inherit === row.inherit && old.set === row.set)) continue;
      await revokeAdded();
      await this.session.run(
        grantMembership(ident(row.role), membershipOptions(String(old.inherit), String(old.set))),
      );
    }
    await revokeAdded();
    this.joined = [];
    this.roles.clear();
  }

  /** Returns false for a name that is not UTF-8, which roles created in a database with another encoding may have. */
  private canName({ name }: ActingRights): boolean {
    return !name.includes('\ufffd');
  }

  /** Returns whether a grant of the role to the administrator is tried. */
  private mayGrant(role: ActingRights): boolean {
    return this.canName(role) && mayGrant(role, this.server);
  }

  private async join(names: string[]): Promise<void> {
    if (names.length === 0) return;
    this.before.push(...(await readMemberships(this.session, this.server, names)));
    if (await this.tryGrant(names)) {
      this.joined.push(...names);
      return;
    }
    for (const name of names) {
      const isJoined =
        (names.length > 1 && (await this.tryGrant([name]))) || (await this.joinThroughAdministrators(name));
      if (isJoined) this.joined.push(name);
    }
  }

  /** Joins roles that hold the admin option on `name`. Since PostgreSQL 16, the administrator may hold it only through them. */
  private async joinThroughAdministrators(name: string): Promise<boolean> {
    if (this.server.versionNum < 160000) return false;
    for (const administrator of await readAdministrators(this.session, name)) {
      if (!administrator.usage) await this.join([administrator.name]);
      if (await this.tryGrant([name])) return true;
    }
    return false;
  }

  private async tryGrant(names: string[]): Promise<boolean> {
    const options = this.server.versionNum >= 160000 ? FULL_MEMBERSHIP : '';
    try {
      await this.session.attemptRights(grantMembership(idents(names), options));
      return true;
    } catch (error) {
      // 42501: not allowed; 0LP01: the role is a member of the administrator; 42704: the role does not exist
      const { code = '', message } = codeAndMessage(error);
      if (!['42501', '0LP01', '42704'].includes(code) && message !== NO_POSSIBLE_GRANTORS) throw error;
      if (code === '42704') this.session.isStale = true;
      return false;
    }
  }
}
