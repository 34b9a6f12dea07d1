import type { Session } from '../connection/session';

/** A role as it stands. */
export interface RoleFacts {
  readonly oid: number;
  readonly canLogin: boolean;
  /** Its password was valid until some time in the past. */
  readonly isExpired: boolean;
  readonly isSuperuser: boolean;
  readonly comment: string | null;
}

/** Reads the role of that name, if there is one. */
export async function readRole(session: Session, roleName: string): Promise<RoleFacts | undefined> {
  const rows = await session.rows<RoleFacts>(
    `SELECT oid, rolcanlogin AS "canLogin", coalesce(rolvaliduntil < now(), false) AS "isExpired",
            rolsuper AS "isSuperuser", shobj_description(oid, 'pg_authid') AS comment
     FROM pg_roles WHERE rolname = $1`,
    [roleName],
  );
  return rows[0];
}
