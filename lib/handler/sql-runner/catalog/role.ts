import type { Session } from '../connection/session';
import { LIMIT_RECORD, type RoleLimits } from '../plan/role-limits';
import { isMark, otherCreators } from './marks';

/** A role as it stands. */
export interface RoleFacts extends RoleLimits {
  readonly oid: number;
  readonly canLogin: boolean;
  /** Its password was valid until some time in the past. */
  readonly isExpired: boolean;
  readonly isSuperuser: boolean;
  /** The comment of a run, where it is believed; no other comment is read. */
  readonly comment: string | null;
  /** Who made the role, where its mark is not believed. */
  readonly falseMarkOf: string | null;
}

/** SQL: all roles, with their comments and whether those are marks; `creators` are those by whom a mark is not believed. */
export const MARKED_ROLES = `
  SELECT r.*, c.description, coalesce(${isMark('c.description')}, false) AS "isMarked", ${otherCreators('r.oid', 'me')} AS creators
  FROM pg_roles r JOIN pg_roles me ON me.rolname = current_user
  LEFT JOIN pg_shdescription c ON c.classoid = 'pg_authid'::regclass AND c.objoid = r.oid`;

/** Reads the role of that name, if there is one. */
export async function readRole(session: Session, roleName: string): Promise<RoleFacts | undefined> {
  const rows = await session.rows<RoleFacts>(
    `SELECT oid, rolcanlogin AS "canLogin", coalesce(rolvaliduntil < now(), false) AS "isExpired", rolsuper AS "isSuperuser",
            CASE WHEN "isMarked" AND creators IS NULL THEN description END AS comment,
            CASE WHEN "isMarked" THEN creators END AS "falseMarkOf", rolconnlimit AS "connectionLimit",
            CASE WHEN NOT "isMarked" AND description LIKE '%${LIMIT_RECORD.replace('#', '%')}'
                 THEN substring(description FROM '(-?[0-9]+) before.$')::int END AS "originalConnectionLimit",
            (SELECT coalesce(json_agg(json_build_object('databaseName', d.datname, 'value', split_part(c, '=', 2))), '[]')
             FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
             WHERE s.setrole = r.oid AND c LIKE 'statement_timeout=%') AS "statementTimeouts"
     FROM (${MARKED_ROLES}) r WHERE rolname = $1`,
    [roleName],
  );
  return rows[0];
}
