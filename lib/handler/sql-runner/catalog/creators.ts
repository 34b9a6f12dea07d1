import type { Session } from '../postgres';
import { OF_AN_EXTENSION, RELATION_KINDS } from './relations';

/** A role whose future tables in `schema` the role would not be able to read. */
export interface Creator {
  readonly schema: number;
  readonly creator: number;
}

/**
 * Who owns relations in `schemas` or may create some there, and has no default privilege for `role` yet. Where everyone
 * may create, only those count who own relations anywhere in the database, and its owner.
 */
export async function readCreatorsWithoutDefault(
  session: Session,
  role: number,
  schemas: number[],
): Promise<Creator[]> {
  return session.rows<Creator>(
    `WITH owners AS (
       SELECT DISTINCT relnamespace AS schema, relowner AS creator FROM pg_class c
       WHERE relkind IN ${RELATION_KINDS} AND relnamespace = ANY ($2::oid[]) AND (relowner >= 16384 OR NOT ${OF_AN_EXTENSION})
     ), holders AS (
       SELECT oid AS schema, nspowner AS holder FROM pg_namespace WHERE oid = ANY ($2::oid[])
       UNION SELECT n.oid, a.grantee FROM pg_namespace n, aclexplode(n.nspacl) a
       WHERE n.oid = ANY ($2::oid[]) AND a.privilege_type = 'CREATE'
     ), members AS (
       SELECT h.holder, m.oid AS member FROM (SELECT DISTINCT holder FROM holders WHERE holder <> 0) h
       JOIN pg_roles m ON m.oid = h.holder OR m.rolcanlogin AND NOT m.rolsuper AND pg_has_role(m.oid, h.holder, 'USAGE')
     ), creators AS (
       SELECT schema, creator FROM owners
       UNION SELECT h.schema, m.member FROM holders h JOIN members m USING (holder)
       UNION SELECT h.schema, o.creator FROM holders h,
         (SELECT creator FROM owners UNION SELECT datdba FROM pg_database WHERE datname = current_database()) o
       WHERE h.holder = 0
     )
     SELECT c.schema, c.creator FROM creators c JOIN pg_roles r ON r.oid = c.creator
     WHERE c.creator <> $1 AND r.rolname !~ '^pg_' AND r.rolname <> 'rdsadmin'
       AND (NOT r.rolsuper OR EXISTS (SELECT FROM owners o WHERE o.creator = c.creator AND o.schema = c.schema))
       AND NOT EXISTS (
         SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) a
         WHERE d.defaclrole = c.creator AND d.defaclnamespace IN (c.schema, 0) AND d.defaclobjtype = 'r'
           AND a.grantee IN ($1, 0) AND a.privilege_type = 'SELECT')
     ORDER BY c.creator, c.schema`,
    [role, schemas],
  );
}
