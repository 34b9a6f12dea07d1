import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';

/** A role and a schema in which tables that the role creates must be readable. */
export interface Creator {
  readonly schema: number;
  readonly creator: number;
}

/** Roles that may create tables in schemas through a membership or PUBLIC, and own no table in the database. */
export interface PossibleCreators {
  /** The role whose membership lets them create tables; null if PUBLIC has CREATE. */
  readonly through: string | null;
  /** The first few role names; `roleCount` counts all. */
  readonly roles: readonly string[];
  readonly roleCount: number;
  /** The first few schema names; `schemaCount` counts all. */
  readonly schemas: readonly string[];
  readonly schemaCount: number;
}

/** The roles whose future tables the role cannot read. */
export interface FutureCreators {
  /** Creators for which a run sets a default privilege. */
  readonly missing: readonly Creator[];
  /** Roles for which a run sets none. */
  readonly possible: readonly PossibleCreators[];
}

/** SQL that is true for a default privilege that gives the role $1 SELECT on tables. Searching an ACL is much faster than expanding it. */
export const GIVES_SELECT = `defaclobjtype = 'r' AND (aclcontains(defaclacl, makeaclitem($1, defaclrole, 'SELECT', false))
         OR aclcontains(defaclacl, makeaclitem(0, defaclrole, 'SELECT', false)))`;

/**
 * Common table expressions of all queries below: the roles that hold CREATE on the schemas $2 (0 is PUBLIC; the database owner
 * replaces `pg_database_owner`), their members, and the creators whose future tables the role $1 can read already. $3 and $4 are
 * the schemas and owners of existing relations.
 */
const HOLDERS = `WITH RECURSIVE makers AS (
       SELECT * FROM unnest($3::oid[], $4::oid[]) AS m (schema, creator)
     ), place AS (
       SELECT oid AS schema, nspname AS name, nspowner, nspacl FROM pg_namespace WHERE oid = ANY ($2::oid[])
     ), named AS (
       SELECT schema, nspowner AS holder FROM place
       UNION SELECT schema, a.grantee FROM place, aclexplode(nspacl) a WHERE a.privilege_type = 'CREATE'
         AND nspacl IS DISTINCT FROM acldefault('n', nspowner) || makeaclitem($1, nspowner, 'USAGE', false)
     ), holders AS (
       SELECT schema, holder FROM named
       UNION SELECT n.schema, d.datdba FROM named n JOIN pg_roles r ON r.oid = n.holder AND r.rolname = 'pg_database_owner'
       JOIN pg_database d ON d.datname = current_database()
     ), steady AS (
       SELECT h.schema, h.holder AS creator FROM holders h JOIN pg_roles r ON r.oid = h.holder
       WHERE coalesce(r.rolvaliduntil, 'infinity') = 'infinity'
     ), edges AS (
       SELECT m.roleid, m.member, coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) AS inherits,
         coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS may_set
       FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
     ), members AS (
       SELECT holder, holder AS member FROM (SELECT DISTINCT holder FROM holders WHERE holder <> 0) h
       UNION SELECT m.holder, e.member FROM members m JOIN edges e ON e.roleid = m.member AND e.inherits
     ), covered AS (
       SELECT DISTINCT defaclrole AS creator, defaclnamespace AS schema FROM pg_default_acl WHERE ${GIVES_SELECT}
     )`;

/** SQL that excludes the role itself and the built-in roles of PostgreSQL and RDS, which create no tables of users. */
const IS_USER_ROLE = `r.oid <> $1 AND r.rolname !~ '^pg_' AND r.rolname NOT IN ('rdsadmin', 'rds_superuser', 'rds_iam', 'rds_replication',
       'rds_password', 'rds_ad', 'rds_extension', 'rds_reserved', 'rdstopmgr')`;

/**
 * The creators for which a run sets a default privilege: owners of relations in the schema, holders of CREATE, the administrator,
 * and owners of relations in other schemas (and the database owner) who may create tables through a membership or PUBLIC.
 *
 * A default privilege prevents a plain DROP ROLE of its creator. Roles that own nothing in the database therefore get none, and
 * a role with an expiry date counts only once it owns a relation. A superuser counts if it is the administrator or owns a
 * relation in the schema.
 */
const MISSING = `elsewhere AS (
       SELECT creator FROM makers UNION SELECT datdba FROM pg_database WHERE datname = current_database()
     ), creators AS (
       SELECT schema, creator FROM makers
       UNION SELECT schema, creator FROM steady
       UNION SELECT p.schema, r.oid FROM place p, pg_roles r
       WHERE r.rolname = current_user AND has_schema_privilege(p.schema, 'CREATE')
       UNION SELECT h.schema, e.creator FROM holders h JOIN members m USING (holder) JOIN elsewhere e ON e.creator = m.member
       UNION SELECT h.schema, e.creator FROM holders h, elsewhere e WHERE h.holder = 0
     ), missing AS (
       SELECT c.schema, c.creator FROM creators c JOIN pg_roles r ON r.oid = c.creator
       WHERE ${IS_USER_ROLE}
         AND (NOT r.rolsuper OR r.rolname = current_user OR EXISTS (SELECT FROM makers m WHERE m.creator = c.creator AND m.schema = c.schema))
         AND NOT EXISTS (SELECT FROM covered v WHERE v.creator = c.creator AND v.schema = c.schema)
         AND NOT EXISTS (SELECT FROM covered v WHERE v.creator = c.creator AND v.schema = 0)
       ORDER BY c.creator, c.schema
     )`;

/**
 * The other roles that may create tables: logins, and roles that a login may `SET ROLE` to, which are members of a holder of
 * CREATE or may create because PUBLIC may. Their new tables are unreadable until the next run grants SELECT on them.
 */
const POSSIBLE = `actors AS (
       SELECT oid FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND oid <> $1
       UNION SELECT e.roleid FROM actors a JOIN edges e ON e.member = a.oid AND e.may_set
     ), candidates AS (
       SELECT r.oid, r.rolname FROM actors a JOIN pg_roles r ON r.oid = a.oid
       WHERE NOT r.rolsuper AND r.rolname <> current_user AND ${IS_USER_ROLE}
         AND r.oid <> (SELECT datdba FROM pg_database WHERE datname = current_database())
     ), settled AS (
       SELECT schema, creator FROM makers UNION SELECT schema, creator FROM steady UNION SELECT schema, creator FROM covered
     ), sizes AS (
       SELECT holder, count(*) AS schemas FROM holders GROUP BY holder
     ), others AS (
       SELECT m.holder, c.oid, c.rolname FROM members m JOIN candidates c ON c.oid = m.member
       UNION ALL SELECT 0, c.oid, c.rolname FROM candidates c WHERE EXISTS (SELECT FROM holders WHERE holder = 0)
     ), open AS (
       SELECT c.* FROM others c JOIN sizes z USING (holder)
       WHERE NOT EXISTS (SELECT FROM covered v WHERE v.creator = c.oid AND v.schema = 0)
         AND NOT EXISTS (SELECT FROM makers k WHERE k.creator = c.oid)
         AND z.schemas > (SELECT count(*) FROM settled s JOIN holders h USING (schema) WHERE s.creator = c.oid AND h.holder = c.holder)
     ), possible AS (
       SELECT CASE WHEN o.holder <> 0 THEN pg_get_userbyid(o.holder)::text END AS through,
              (array_agg(o.rolname::text ORDER BY o.rolname))[1 : 3] AS roles, count(*)::int AS "roleCount",
              (SELECT (array_agg(p.name::text ORDER BY p.name))[1 : 3] FROM holders h JOIN place p USING (schema) WHERE h.holder = o.holder) AS schemas,
              (SELECT z.schemas::int FROM sizes z WHERE z.holder = o.holder) AS "schemaCount"
       FROM open o GROUP BY o.holder ORDER BY 1 NULLS FIRST
     )`;

/** The owners of existing relations: pairs of a schema and its owner, in two arrays. */
export interface Makers<V = never> {
  readonly schemas: Parameter<number[], V>;
  readonly creators: Parameter<number[], V>;
}

/** Reads the roles whose future tables in `schemas` the role cannot read. */
export async function readFutureCreators(
  session: Session,
  role: number,
  schemas: number[],
  makers: Makers,
): Promise<FutureCreators> {
  const [row] = await session.rows<{ missing: Creator[] | null; possible: PossibleCreators[] | null }>(
    `${HOLDERS}, ${MISSING}, ${POSSIBLE}
     SELECT (SELECT json_agg(json_build_object('schema', m.schema::int8, 'creator', m.creator::int8)) FROM missing m) AS missing,
            (SELECT json_agg(p) FROM possible p) AS possible`,
    [role, schemas, makers.schemas, makers.creators],
  );
  return { missing: row.missing ?? [], possible: row.possible ?? [] };
}

/** Selects the creators for which a run sets a default privilege, one per row. */
export function creatorsWithoutDefaultQuery<V = never>(
  role: Parameter<number, V>,
  schemas: Parameter<number[], V>,
  makers: Makers<V>,
): Query<Creator, V> {
  return {
    text: `${HOLDERS}, ${MISSING}
     SELECT * FROM missing`,
    values: [role, schemas, makers.schemas, makers.creators],
  };
}

/** Selects the roles for which a run sets no default privilege, one row per role that they are members of. */
export function possibleCreatorsQuery<V = never>(
  role: Parameter<number, V>,
  schemas: Parameter<number[], V>,
  makers: Makers<V>,
): Query<PossibleCreators, V> {
  return {
    text: `${HOLDERS}, ${POSSIBLE}
     SELECT * FROM possible`,
    values: [role, schemas, makers.schemas, makers.creators],
  };
}
