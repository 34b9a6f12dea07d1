import type { Parameter, Query } from '../connection/queries';
import { exclusion } from './excluded-tables';

/** The privileges that one grantor granted the role directly on one object. */
export interface Grant {
  readonly kind: 'database' | 'schema' | 'relation' | 'sequence' | 'default';
  readonly oid: number;
  /** The schema of the object, or the schema itself; null for a database and for default privileges in all schemas. */
  readonly schema: string | null;
  readonly name: string;
  /** The role to act as to revoke the grant. For default privileges: the role that creates the objects. */
  readonly grantor: number;
  readonly grantorName: string;
  readonly owner: number;
  /** A list as in REVOKE. */
  readonly privileges: string;
  /** The type of object that default privileges apply to (`pg_default_acl.defaclobjtype`). */
  readonly objectType: string | null;
}

/** The value of a limit for all rows. */
export const NO_LIMIT = 2_147_483_647;

/** Which grants to read. */
export interface GrantScope {
  /** Schemas to skip. */
  readonly except: readonly string[];
  /** If set, only grants in these schemas are read. */
  readonly only?: readonly string[];
  /** If set, only grants on relations that match these patterns are read. */
  readonly tables?: readonly string[];
  readonly limit: number;
}

/**
 * Selects the grants of `role` on the current database, its schemas and relations, and its default privileges.
 *
 * The owner of the database replaces `pg_database_owner`, a role that no session can act as.
 */
export function grantsQuery<V = never>(role: Parameter<number, V>, scope: GrantScope): Query<Grant, V> {
  const { sql, values } = scope.tables ? exclusion(scope.tables, 5, 'only') : { sql: '', values: [] };
  return {
    text: `WITH place AS (
       SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
       WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
         AND NOT nspname = ANY ($2::text[]) AND ($3::text[] IS NULL OR nspname = ANY ($3::text[]))
     ), granted AS (
       SELECT 'schema' AS kind, p.oid, p.nspname AS schema, p.nspname AS name, a.grantor, p.nspowner AS owner, null::text AS type,
              a.privilege_type AS privilege
       FROM place p, aclexplode(p.nspacl) a WHERE a.grantee = $1
       UNION
       SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END, c.oid, p.nspname, c.relname, a.grantor, c.relowner, null, a.privilege_type
       FROM pg_shdepend s
       JOIN pg_class c ON c.oid = s.objid
       JOIN place p ON p.oid = c.relnamespace
       CROSS JOIN LATERAL (
         SELECT grantor, grantee, privilege_type FROM aclexplode(c.relacl)
         UNION SELECT grantor, grantee, privilege_type FROM pg_attribute t, aclexplode(t.attacl)
         WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL
       ) a
       WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1
         AND s.classid = 'pg_class'::regclass AND s.deptype = 'a' AND a.grantee = $1 ${sql}
       UNION
       SELECT 'default', d.oid, p.nspname, coalesce(p.nspname, ''), d.defaclrole, d.defaclrole, d.defaclobjtype::text, 'ALL'
       FROM pg_default_acl d LEFT JOIN place p ON p.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
       WHERE a.grantee = $1 AND (p.oid IS NOT NULL OR d.defaclnamespace = 0)
       UNION
       SELECT 'database', d.oid, null, d.datname, a.grantor, d.datdba, null, a.privilege_type
       FROM pg_database d, aclexplode(d.datacl) a WHERE a.grantee = $1 AND d.datname = current_database()
     )
     SELECT string_agg(h.privilege, ', ' ORDER BY h.privilege) AS privileges, h.kind, h.oid, h.schema, h.name, h.type AS "objectType",
            CASE WHEN g.rolname = 'pg_database_owner' THEN d.datdba ELSE h.grantor END AS grantor,
            CASE WHEN g.rolname = 'pg_database_owner' THEN pg_get_userbyid(d.datdba) ELSE g.rolname END AS "grantorName",
            CASE WHEN o.rolname = 'pg_database_owner' THEN d.datdba ELSE h.owner END AS owner
     FROM granted h
     JOIN pg_roles g ON g.oid = h.grantor
     JOIN pg_roles o ON o.oid = h.owner
     JOIN pg_database d ON d.datname = current_database()
     WHERE ($3::text[] IS NULL OR h.schema IS NOT NULL)${scope.tables ? ` AND h.kind = 'relation'` : ''}
     GROUP BY h.kind, h.oid, h.schema, h.name, h.type, h.grantor, h.owner, g.rolname, o.rolname, d.datdba
     ORDER BY h.oid LIMIT $4`,
    values: [role, scope.except, scope.only ?? null, scope.limit, ...values],
  };
}
