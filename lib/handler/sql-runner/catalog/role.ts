import type { Session } from '../connection/session';
import type { RoleLimits } from '../plan/role-limits';
import { parseRecord, parseRoleComment, recordLengthIn, type RoleRecord } from '../role-record';
import { isMark, otherCreators } from './marks';

/** A role as it stands. */
export interface RoleFacts extends RoleLimits {
  readonly oid: number;
  readonly canLogin: boolean;
  /** Its password was valid until some time in the past. */
  readonly isExpired: boolean;
  readonly isSuperuser: boolean;
  /** What its comment says of its owners, where that is believed; of no other comment more is read. */
  readonly record?: RoleRecord;
  /** How long the record is that ends the comment of an adopted role. */
  readonly recordLength: number | null;
  /** Who made the role, where its mark is not believed. */
  readonly falseMarkOf: string | null;
  /** Whether the administrator may comment on it. */
  readonly mayComment: boolean;
}

/** SQL: all roles, with their comments and whether those are marks; `creators` are those by whom a mark is not believed. */
export const MARKED_ROLES = `
  SELECT r.*, c.description, coalesce(${isMark('c.description')}, false) AS "isMarked", ${otherCreators('r.oid', 'me')} AS creators
  FROM pg_roles r JOIN pg_roles me ON me.rolname = current_user
  LEFT JOIN pg_shdescription c ON c.classoid = 'pg_authid'::regclass AND c.objoid = r.oid`;

interface Row extends Omit<RoleFacts, 'record' | 'recordLength' | 'originalConnectionLimit'> {
  /** The comment of a run, where it is believed. */
  readonly mark: string | null;
  /** The record at the end of any other comment. */
  readonly appended: string | null;
}

/** Reads the role of that name, if there is one. */
export async function readRole(session: Session, roleName: string): Promise<RoleFacts | undefined> {
  const isBelieved = '"isMarked" AND creators IS NULL';
  const [row] = await session.rows<Row>(
    `SELECT r.oid, r.rolcanlogin AS "canLogin", coalesce(r.rolvaliduntil < now(), false) AS "isExpired", r.rolsuper AS "isSuperuser",
            CASE WHEN ${isBelieved} THEN description END AS mark,
            CASE WHEN NOT (${isBelieved}) AND description LIKE '%[cdk-datafold-postgres {%}]'
                 THEN substring(description FROM '\\[cdk-datafold-postgres \\{.*\\}\\]$') END AS appended,
            CASE WHEN "isMarked" THEN creators END AS "falseMarkOf", r.rolconnlimit AS "connectionLimit",
            me.rolsuper OR me.rolcreaterole AND (current_setting('server_version_num')::int < 160000
              OR pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')) AS "mayComment",
            (SELECT coalesce(json_agg(json_build_object('databaseName', d.datname, 'value', split_part(c, '=', 2))), '[]')
             FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
             WHERE s.setrole = r.oid AND c LIKE 'statement_timeout=%') AS "statementTimeouts"
     FROM (${MARKED_ROLES}) r JOIN pg_roles me ON me.rolname = current_user WHERE r.rolname = $1`,
    [roleName],
  );
  if (!row) return undefined;
  const { mark, appended, ...facts } = row;
  const record = mark === null ? adoptedRecord(appended) : parseRoleComment(mark);
  return {
    ...facts,
    ...(record && { record }),
    recordLength: recordLengthIn(mark ?? appended ?? ''),
    originalConnectionLimit: record?.connectionLimit ?? null,
  };
}

/** A role whose comment others may have written was there before, whatever its record says. */
function adoptedRecord(appended: string | null): RoleRecord | undefined {
  const record = appended === null ? undefined : parseRecord(appended);
  return record && { ...record, adopted: true };
}
