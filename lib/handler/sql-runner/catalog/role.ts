import type { Session } from '../connection/session';
import type { RoleLimits } from '../plan/role-limits';
import { parseRecord, parseRoleComment, recordLengthIn, type RoleRecord } from '../role-record';
import { isMark, otherCreators } from './marks';

/** A role, as the catalog describes it. */
export interface RoleFacts extends RoleLimits {
  readonly oid: number;
  readonly canLogin: boolean;
  /** VALID UNTIL is in the past. */
  readonly isExpired: boolean;
  readonly isSuperuser: boolean;
  /** The record in the comment, if the comment is a trusted mark or ends with a record. */
  readonly record?: RoleRecord;
  /** The length of the record at the end of the comment. */
  readonly recordLength: number | null;
  /** The creators of a role whose mark is not trusted; else null. */
  readonly falseMarkOf: string | null;
  /** Whether the administrator may run COMMENT ON ROLE. */
  readonly mayComment: boolean;
}

/** SQL for all roles with their comments. `creators` is null if a mark is trusted, else the names of the creators. */
export const MARKED_ROLES = `
  SELECT r.*, c.description, coalesce(${isMark('c.description')}, false) AS "isMarked", ${otherCreators('r.oid', 'me')} AS creators
  FROM pg_roles r JOIN pg_roles me ON me.rolname = current_user
  LEFT JOIN pg_shdescription c ON c.classoid = 'pg_authid'::regclass AND c.objoid = r.oid`;

interface Row extends Omit<RoleFacts, 'record' | 'recordLength' | 'originalConnectionLimit'> {
  /** The comment, if it is a trusted mark. */
  readonly mark: string | null;
  /** The record at the end of another comment. */
  readonly appended: string | null;
}

/** Reads a role; undefined if it does not exist. */
export async function readRole(session: Session, roleName: string): Promise<RoleFacts | undefined> {
  const isTrusted = '"isMarked" AND creators IS NULL';
  const [row] = await session.rows<Row>(
    `SELECT r.oid, r.rolcanlogin AS "canLogin", coalesce(r.rolvaliduntil < now(), false) AS "isExpired", r.rolsuper AS "isSuperuser",
            CASE WHEN ${isTrusted} THEN description END AS mark,
            CASE WHEN NOT (${isTrusted}) AND description LIKE '%[cdk-datafold-postgres {%}]'
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

/** Marks the record as adopted: a comment that another role may have written proves nothing else. */
function adoptedRecord(appended: string | null): RoleRecord | undefined {
  const record = appended === null ? undefined : parseRecord(appended);
  return record && { ...record, adopted: true };
}
