import { readMemberships, type MembershipRow } from './catalog/memberships';
import { readReach, type RoleReach } from './catalog/reach';
import type { ServerFacts } from './catalog/server';
import { ident, idents } from './identifiers';
import type { Way } from './plan/statement';
import type { Session } from './connection/session';
import { codeAndMessage } from './sqlstates';

/**
 * The roles that a transaction acts as. Membership is taken where the admin has none and the server lets it, and given
 * back before the transaction ends.
 */
export class Reach {
  private roles = new Map<number, RoleReach>();
  private before: MembershipRow[] = [];
  private taken: string[] = [];

  constructor(
    private readonly session: Session,
    private readonly server: ServerFacts,
  ) {}

  /** How the admin can act as the role `oid`. */
  way(oid: number): Way {
    const role = this.roles.get(oid);
    if (role?.usage) return 'direct';
    return role?.set ? 'set' : 'none';
  }

  /** True if the admin may `SET ROLE` to it. */
  canSet(oid: number): boolean {
    return this.roles.get(oid)?.set ?? false;
  }

  /** The name of a role that was asked for. */
  nameOf(oid: number): string {
    return this.roles.get(oid)?.name ?? `role ${oid}`;
  }

  /** Learns how the admin stands to `oids`, and becomes a member where that takes it. */
  async extendTo(oids: Iterable<number>, exactly: ReadonlySet<number> = new Set()): Promise<void> {
    const wanted = [...new Set(oids)].filter(
      (oid) => !this.roles.has(oid) || (exactly.has(oid) && !this.canSet(oid)),
    );
    if (wanted.length === 0) return;
    const found = await readReach(this.session, this.server, wanted);
    const lacking = found.filter((role) => !(role.usage || role.set) || (exactly.has(role.oid) && !role.set));
    await this.take(lacking.filter((role) => this.mayGrant(role)).map((role) => role.name));
    const now = lacking.length === 0 ? found : await readReach(this.session, this.server, wanted);
    for (const role of now) this.roles.set(role.oid, this.imagined(role));
  }

  /** Puts the admin's memberships back to what they were. */
  async giveBack(): Promise<void> {
    if (this.taken.length === 0) return;
    const after = await readMemberships(this.session, this.server, this.taken);
    const key = (row: MembershipRow) => JSON.stringify([row.role, row.grantor]);
    const before = new Map(this.before.map((row) => [key(row), row]));
    const added = after.filter((row) => !before.has(key(row))).map((row) => row.role);
    if (added.length > 0) await this.session.run(`REVOKE ${idents(added)} FROM CURRENT_USER`);
    for (const row of after) {
      const old = before.get(key(row));
      if (!old || (old.inherit === row.inherit && old.set === row.set)) continue;
      await this.session.run(
        `GRANT ${ident(row.role)} TO CURRENT_USER WITH INHERIT ${old.inherit}, SET ${old.set}`,
      );
    }
    this.taken = [];
    this.roles.clear();
  }

  /** PostgreSQL's own rules; RDS lets its admin do more, so there it is worth a try. */
  private mayGrant(role: RoleReach): boolean {
    if (role.isSuperuser) return this.server.isSuperuser;
    if (role.adminOption || this.server.isSuperuser || this.server.isRdsSuperuser) return true;
    return this.server.versionNum < 160000 && this.server.createRole;
  }

  /** In a rehearsal no membership is taken, only supposed to be. */
  private imagined(role: RoleReach): RoleReach {
    return this.session.isRehearsal && this.taken.includes(role.name)
      ? { ...role, usage: true, set: true }
      : role;
  }

  private async take(names: string[]): Promise<void> {
    if (names.length === 0) return;
    this.before.push(...(await readMemberships(this.session, this.server, names)));
    const done = (await this.tryGrant(names)) ? names : [];
    if (done.length === 0 && names.length > 1) {
      for (const name of names) if (await this.tryGrant([name])) done.push(name);
    }
    this.taken.push(...done);
  }

  private async tryGrant(names: string[]): Promise<boolean> {
    if (this.session.isRehearsal) return true;
    const options = this.server.versionNum >= 160000 ? ' WITH INHERIT TRUE, SET TRUE' : '';
    try {
      await this.session.attempt(`GRANT ${idents(names)} TO CURRENT_USER${options}`);
      return true;
    } catch (error) {
      // 42501: not allowed; 0LP01: that role is a member of the admin; 42704: it has gone
      const { code = '' } = codeAndMessage(error);
      if (!['42501', '0LP01', '42704'].includes(code)) throw error;
      if (code === '42704') this.session.isStale = true;
      return false;
    }
  }
}
