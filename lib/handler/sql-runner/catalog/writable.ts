import type { Session } from '../connection/session';

/** Something outside of the temp schema that the current user can change. */
export interface WritableObject {
  readonly kind: 'database' | 'schema' | 'relation' | 'role';
  readonly schema: string | null;
  readonly name: string;
  /** The privileges, as in a REVOKE. */
  readonly privileges: string;
  /** True where everybody has them; else the user has them by a grant, a membership or as the owner. */
  readonly byPublic: boolean;
  readonly count: number;
}

/** How to see each; what is granted on a single column counts. */
const CHANGES = {
  INSERT: `has_any_column_privilege(c.oid, 'INSERT')`,
  UPDATE: `has_any_column_privilege(c.oid, 'UPDATE')`,
  DELETE: `has_table_privilege(c.oid, 'DELETE')`,
  TRUNCATE: `has_table_privilege(c.oid, 'TRUNCATE')`,
};

const WITH_COLUMN_GRANTS = 'SELECT attrelid FROM with_column_grants';

/** The same for all, asked as seldom as possible: each question takes microseconds, and there may be 100,000 relations. */
const ANY_CHANGE = `has_table_privilege(c.oid, '${Object.keys(CHANGES).join(', ')}')
  OR c.oid IN (${WITH_COLUMN_GRANTS}) AND has_any_column_privilege(c.oid, 'INSERT, UPDATE')`;

/**
 * What the current user can write outside of `tempSchema`: the first few, and how many there are. Relations with nothing but
 * the rights of their owner and its own SELECT (`plain`) need no closer look, nor do columns without grants.
 */
export async function readWritable(
  session: Session,
  tempSchema: string,
  limit: number,
): Promise<WritableObject[]> {
  const held = Object.entries(CHANGES).map(([name, test]) => `CASE WHEN ${test} THEN '${name}' END`);
  const names = Object.keys(CHANGES).map((name) => `'${name}'`);
  return session.rows<WritableObject>(
    `WITH place AS (
       SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', $1)
     ), plain AS (
       SELECT o.relowner, acldefault('r', o.relowner) || makeaclitem(me.oid, o.relowner, 'SELECT', false) AS acl
       FROM (SELECT DISTINCT relowner FROM pg_class) o, pg_roles me
       WHERE me.rolname = current_user AND NOT me.rolsuper AND me.oid <> o.relowner
         AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = me.oid)
     ), with_column_grants AS (
       SELECT DISTINCT attrelid FROM pg_attribute WHERE attacl IS NOT NULL
     ), suspect AS (
       SELECT c.oid, c.relname, c.relnamespace, c.relacl FROM pg_class c JOIN place ON place.oid = c.relnamespace LEFT JOIN plain ON plain.relowner = c.relowner AND plain.acl = c.relacl
       WHERE c.relkind IN ('r', 'p', 'v', 'f') AND (plain.relowner IS NULL OR c.oid IN (${WITH_COLUMN_GRANTS}))
       OFFSET 0
     ), found AS (
       SELECT 'role' AS kind, null::name AS schema, rolname AS name,
              concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END) AS privileges,
              false AS public
       FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole OR rolcreatedb)
       UNION ALL
       SELECT 'database', null, datname, 'CREATE',
              EXISTS (SELECT FROM aclexplode(datacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')
       FROM pg_database WHERE datname = current_database() AND has_database_privilege(oid, 'CREATE')
       UNION ALL
       SELECT 'schema', nspname, nspname, 'CREATE',
              EXISTS (SELECT FROM aclexplode(nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')
       FROM place WHERE has_schema_privilege(oid, 'CREATE')
       UNION ALL
       SELECT 'relation', p.nspname, c.relname, concat_ws(', ', ${held.join(', ')}),
              EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0 AND a.privilege_type IN (${names.join(', ')}))
       FROM suspect c JOIN place p ON p.oid = c.relnamespace
       WHERE (${ANY_CHANGE}) AND has_schema_privilege(p.oid, 'USAGE')
     )
     SELECT kind, schema, name, privileges, public AS "byPublic", count(*) OVER ()::int AS count
     FROM found ORDER BY kind, schema, name LIMIT $2`,
    [tempSchema, limit],
  );
}
