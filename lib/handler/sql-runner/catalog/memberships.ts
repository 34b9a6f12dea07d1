import type { Session } from '../connection/session';
import type { ServerFacts } from './server';

/** One grant of membership in a role to the administrator. */
export interface MembershipRow {
  readonly role: string;
  readonly grantor: number;
  /** Null before PostgreSQL 16, which added the option. */
  readonly inherit: boolean | null;
  readonly set: boolean | null;
}

/** Reads the direct memberships of the administrator in `roles`, with their grantors. */
export async function readMemberships(
  session: Session,
  server: ServerFacts,
  roles: string[],
): Promise<MembershipRow[]> {
  const options =
    server.versionNum >= 160000
      ? 'm.inherit_option AS inherit, m.set_option AS set'
      : 'null AS inherit, null AS set';
  return session.rows<MembershipRow>(
    `SELECT r.rolname AS role, m.grantor, ${options}
     FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
     WHERE m.member = $1 AND r.rolname = ANY ($2::text[])`,
    [server.meOid, roles],
  );
}
