import type { Session } from '../connection/session';

/** A role, and a schema in which its future tables matter. */
export interface Creator {
  readonly schema: number;
  readonly creator: number;
}

/**
 * Who of the `makers` of relations, or of those who may create some in `schemas`, has no default privilege for `role`
 * there yet. Where everyone may create, only those count who made relations anywhere, and the owner of the database.
 * `pg_database_owner` stands for that owner, also where it is a role that nobody logs in as. Logins that expire are made for
 * a task and dropped after it, which a default privilege would prevent. A superuser counts if it is the admin or made some.
 */
export async function readCreatorsWithoutDefault(
  session: Session,
  role: number,
  schemas: number[],
  makers: readonly Creator[],
): Promise<Creator[]> {
  return session.rows<Creator>(
    `WITH makers AS (
       SELECT * FROM unnest($3::oid[], $4::oid[]) AS m (schema, creator)
     ), named AS (
       SELECT oid AS schema, nspowner AS holder FROM pg_namespace WHERE oid = ANY ($2::oid[])
       UNION SELECT n.oid, a.grantee FROM pg_namespace n, aclexplode(n.nspacl) a
       WHERE n.oid = ANY ($2::oid[]) AND a.privilege_type = 'CREATE'
     ), holders AS (
       SELECT schema, holder FROM named
       UNION SELECT n.schema, d.datdba FROM named n JOIN pg_roles r ON r.oid = n.holder AND r.rolname = 'pg_database_owner'
       JOIN pg_database d ON d.datname = current_database()
     ), members AS (
       SELECT h.holder, m.oid AS member FROM (SELECT DISTINCT holder FROM holders WHERE holder <> 0) h
       JOIN pg_roles m ON m.oid = h.holder OR m.rolcanlogin AND NOT m.rolsuper AND pg_has_role(m.oid, h.holder, 'USAGE')
         AND coalesce(m.rolvaliduntil, 'infinity') = 'infinity'
     ), creators AS (
       SELECT schema, creator FROM makers
       UNION SELECT h.schema, m.member FROM holders h JOIN members m USING (holder)
       UNION SELECT n.schema, r.oid FROM named n JOIN pg_roles r ON r.rolname = current_user AND r.rolsuper
       UNION SELECT h.schema, o.creator FROM holders h,
         (SELECT creator FROM makers UNION SELECT datdba FROM pg_database WHERE datname = current_database()) o
       WHERE h.holder = 0
     ), covered AS (
       SELECT DISTINCT d.defaclrole AS creator, d.defaclnamespace AS schema FROM pg_default_acl d, aclexplode(d.defaclacl) a
       WHERE d.defaclobjtype = 'r' AND a.grantee IN ($1, 0) AND a.privilege_type = 'SELECT'
     )
     SELECT c.schema, c.creator FROM creators c JOIN pg_roles r ON r.oid = c.creator
     WHERE c.creator <> $1 AND r.rolname !~ '^pg_' AND r.rolname <> 'rdsadmin'
       AND (NOT r.rolsuper OR r.rolname = current_user OR EXISTS (SELECT FROM makers m WHERE m.creator = c.creator AND m.schema = c.schema))
       AND NOT EXISTS (SELECT FROM covered v WHERE v.creator = c.creator AND v.schema = c.schema)
       AND NOT EXISTS (SELECT FROM covered v WHERE v.creator = c.creator AND v.schema = 0)
     ORDER BY c.creator, c.schema`,
    [role, schemas, makers.map((maker) => maker.schema), makers.map((maker) => maker.creator)],
  );
}
