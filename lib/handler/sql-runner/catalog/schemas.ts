import type { Session } from '../connection/session';
import { isLegible } from './legible';
import { isMark, mayHaveMadeSchema } from './marks';

/** A schema as it stands. */
export interface SchemaFacts {
  readonly oid: number;
  readonly name: string;
  /** The role to act as: for `pg_database_owner`, the owner of the database. */
  readonly owner: number;
  readonly ownerName: string;
  /** What the role may do there, by whatever way. */
  readonly usage: boolean;
  readonly create: boolean;
  /** Whether the admin can name things there. */
  readonly adminUsage: boolean;
  /** PostgreSQL's own, temporary, of an extension, or RDS's; but `public` is everyone's, whoever owns it. */
  readonly internal: boolean;
  /** PostgreSQL's own or temporary. */
  readonly isSystem: boolean;
  /** False where the name can't be written: it is not UTF-8. */
  readonly isLegible: boolean;
  /** The comment of a run, where it is believed; no other comment is read. */
  readonly comment: string | null;
  /** The owner, where the schema has a mark that is not believed. */
  readonly falseMarkOf: string | null;
}

/**
 * Reads all schemas of the database, with the privileges of the role `role`, or none without it. Marks are believed as the
 * administrator of that name made them, the current user without it.
 */
export async function readSchemas(
  session: Session,
  role: number | undefined,
  adminName?: string,
): Promise<SchemaFacts[]> {
  return session.rows<SchemaFacts>(
    `SELECT n.oid, n.nspname AS name, o.oid AS owner, o.rolname AS "ownerName",
            coalesce(has_schema_privilege($1::oid, n.oid, 'USAGE'), false) AS usage,
            coalesce(has_schema_privilege($1::oid, n.oid, 'CREATE'), false) AS create,
            has_schema_privilege(n.oid, 'USAGE') AS "adminUsage",
            n.nspname ~ '^pg_' OR n.nspname = 'information_schema' AS "isSystem", ${isLegible('n.nspname')} AS "isLegible",
            n.nspname ~ '^pg_' OR n.nspname = 'information_schema' OR o.rolname = 'rdsadmin' AND n.nspname <> 'public'
              OR n.oid IN (SELECT e.objid FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.deptype = 'e')
              AS internal,
            CASE WHEN m.made THEN c.description END AS comment,
            CASE WHEN NOT m.made THEN o.rolname END AS "falseMarkOf"
     FROM pg_namespace n
     JOIN pg_roles me ON me.rolname = coalesce($2::name, current_user)
     JOIN pg_database d ON d.datname = current_database()
     JOIN pg_roles named ON named.oid = n.nspowner
     JOIN pg_roles o ON o.oid = CASE WHEN named.rolname = 'pg_database_owner' THEN d.datdba ELSE n.nspowner END
     LEFT JOIN pg_description c ON c.classoid = 'pg_namespace'::regclass AND c.objoid = n.oid AND c.objsubid = 0
     CROSS JOIN LATERAL (SELECT CASE WHEN ${isMark('c.description')} THEN ${mayHaveMadeSchema('o.oid', 'd', 'me')} END) m (made)
     ORDER BY n.nspname`,
    [role ?? null, adminName ?? null],
  );
}
