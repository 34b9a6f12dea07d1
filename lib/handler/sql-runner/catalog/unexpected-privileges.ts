import type { Query } from '../connection/queries';
import type { Session } from '../connection/session';
import { FIRST_USER_OID } from './external-dependents';
import { CURRENT_USER, type Reader } from './reader';

/** Object types as in GRANT and REVOKE. */
type ObjectKind =
  | 'ROLE'
  | 'DATABASE'
  | 'SCHEMA'
  | 'FUNCTION'
  | 'PROCEDURE'
  | 'TABLE'
  | 'SEQUENCE'
  | 'LARGE OBJECT'
  | 'FOREIGN SERVER'
  | 'FOREIGN DATA WRAPPER'
  | 'LANGUAGE'
  | 'TABLESPACE'
  | 'PARAMETER';

/** Privileges of the current user on one object beyond reading. */
export interface UnexpectedPrivilege {
  readonly kind: ObjectKind;
  readonly schema: string | null;
  readonly name: string;
  /** The argument types of a function; else null. */
  readonly args: string | null;
  /** A list as in REVOKE; for a role, its attributes. */
  readonly privileges: string;
  /** PUBLIC has the privileges. */
  readonly byPublic: boolean;
  /** The user has the privileges by a direct grant or as the owner. */
  readonly byItself: boolean;
  /** The roles through whose membership the user has the privileges. */
  readonly byMembership: readonly string[];
  /** A SECURITY DEFINER function. */
  readonly isDefiner: boolean;
  /** The number of all unexpected privileges. */
  readonly count: number;
}

/** This many of each kind are listed before more of the same kind. */
const OF_EACH_KIND = 4;

/** The privileges on tables and views apart from SELECT. */
const TABLE_PRIVILEGES = `'{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN}'`;

/**
 * SQL for the EXECUTE and SELECT in the ACL `now` that `initial` does not give. PostgreSQL and extensions withhold EXECUTE on functions
 * that read files or end sessions, and SELECT on catalogs with passwords; only a superuser can grant these.
 */
const added = (
  now: string,
  initial: string,
) => `nullif(ARRAY(SELECT makeaclitem(a.grantee, a.grantor, a.privilege_type, false) FROM aclexplode(${now}) a
                WHERE a.privilege_type IN ('EXECUTE', 'SELECT')
                  AND NOT EXISTS (SELECT FROM aclexplode(${initial}) b WHERE b.privilege_type = a.privilege_type AND b.grantee IN (0, a.grantee))), '{}')`;

/** SQL for the grantees through which the user has the privileges of `o.acl`. */
const holders = ({ argument }: Reader) => `CROSS JOIN LATERAL (
         SELECT a.privilege_type, a.grantee FROM aclexplode(o.acl) a
         WHERE a.privilege_type = ANY (o.checked) AND (a.grantee = 0 OR pg_has_role(${argument}a.grantee, 'USAGE'))
       ) a`;

/**
 * Reads the first few privileges of the current user beyond reading, in the current database without `tempSchema` and on the
 * server; `count` counts all. Privileges on parameters exist since PostgreSQL 15.
 *
 * Relations whose ACL contains only the owner and the user's SELECT (`plain`) are skipped early: there may be 100,000. At least
 * half of all columns are system columns, which nobody can write to: OFFSET 0 keeps the server from reading their ACLs. Not
 * listed are rights that every role has on its own objects: temporary tables, large objects, functions in trusted languages.
 */
export async function readUnexpectedPrivileges(
  session: Session,
  tempSchema: string,
  versionNum: number,
  limit: number,
): Promise<UnexpectedPrivilege[]> {
  return session.query(unexpectedPrivilegesQuery(CURRENT_USER, tempSchema, versionNum, limit));
}

/** Selects the privileges of `reader` beyond reading. */
export function unexpectedPrivilegesQuery(
  reader: Reader,
  tempSchema: string,
  versionNum: number,
  limit: number,
): Query<UnexpectedPrivilege> {
  const { argument } = reader;
  const text = `WITH me AS (
       SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb FROM ${reader.row}
     ), place AS (
       SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
       WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND has_schema_privilege(${argument}oid, 'USAGE')
     ), plain AS (
       SELECT o.oid AS relowner, acldefault('r', o.oid) || makeaclitem(me.oid, o.oid, 'SELECT', false) AS acl
       FROM pg_roles o, me
       WHERE me.oid <> o.oid AND NOT EXISTS (SELECT FROM pg_auth_members WHERE member = me.oid) OFFSET 0
     ), relations AS (
       SELECT c.oid, c.relname, c.relnamespace, c.relowner, c.relacl, c.relkind FROM pg_class c LEFT JOIN plain ON plain.relowner = c.relowner
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (plain.acl = c.relacl) IS NOT TRUE OFFSET 0
     ), columns AS (
       SELECT attrelid, attnum, attacl FROM (SELECT attrelid, attnum, attacl, attisdropped FROM pg_attribute WHERE attnum > 0 OFFSET 0) a WHERE attacl IS NOT NULL AND NOT attisdropped
     ), objects AS (
       SELECT 1 AS rank, 'DATABASE' AS kind, null::name AS schema, datname::text AS name, null::text AS args, '{CREATE}'::text[] AS checked,
              coalesce(datacl, acldefault('d', datdba)) AS acl
       FROM pg_database WHERE datname = current_database()
       UNION ALL
       SELECT 2, 'SCHEMA', null, nspname, null, '{CREATE}', coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace
       WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', $1)
       UNION ALL
       SELECT 3, CASE f.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, n.nspname, f.proname, pg_get_function_identity_arguments(f.oid),
              '{EXECUTE}', ${added("coalesce(f.proacl, acldefault('f', f.proowner))", 'i.initprivs')}
       FROM pg_init_privs i CROSS JOIN LATERAL (
         SELECT p.oid, p.proname, p.pronamespace, p.proowner, p.proacl, p.prosecdef, to_jsonb(p) ->> 'prokind' AS prokind FROM pg_proc p WHERE p.oid = i.objoid OFFSET 0
       ) f JOIN pg_namespace n ON n.oid = f.pronamespace
       WHERE i.classoid = 'pg_proc'::regclass AND f.proacl IS DISTINCT FROM i.initprivs AND NOT f.prosecdef
         AND (n.nspname = 'pg_catalog' OR n.oid IN (SELECT oid FROM place))
       UNION ALL
       SELECT 3, 'TABLE', n.nspname, c.relname, null, '{SELECT}', ${added('c.relacl', 'i.initprivs')}
       FROM pg_init_privs i JOIN pg_class c ON c.oid = i.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE i.classoid = 'pg_class'::regclass AND i.objsubid = 0 AND c.oid < ${FIRST_USER_OID} AND c.relacl IS DISTINCT FROM i.initprivs
       UNION ALL
       SELECT 3, 'TABLE', n.nspname, c.relname, null, '{SELECT}', ${added('t.attacl', 'i.initprivs')}
       FROM columns t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass AND i.objoid = t.attrelid AND i.objsubid = t.attnum
       WHERE t.attrelid < ${FIRST_USER_OID}
       UNION ALL
       SELECT 4, CASE to_jsonb(f) ->> 'prokind' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, n.nspname, f.proname, pg_get_function_identity_arguments(f.oid),
              '{EXECUTE}', coalesce(f.proacl, acldefault('f', f.proowner))
       FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace, me
       WHERE f.prosecdef AND f.proowner <> me.oid AND f.prorettype <> 'event_trigger'::regtype
         AND (n.oid IN (SELECT oid FROM place) OR n.nspname = 'pg_catalog' AND f.oid >= ${FIRST_USER_OID})
       UNION ALL
       SELECT 5, 'TABLE', p.nspname, c.relname, null, ${TABLE_PRIVILEGES}, coalesce(c.relacl, acldefault('r', c.relowner))
       FROM relations c JOIN place p ON p.oid = c.relnamespace AND p.nspname <> $1
       WHERE c.relkind <> 'S' AND (c.relacl IS NOT NULL OR pg_has_role(${argument}c.relowner, 'USAGE'))
       UNION ALL
       SELECT 5, 'TABLE', p.nspname, c.relname, null, ${TABLE_PRIVILEGES}, t.attacl
       FROM columns t JOIN pg_class c ON c.oid = t.attrelid JOIN place p ON p.oid = c.relnamespace AND p.nspname <> $1
       UNION ALL
       SELECT 6, 'SEQUENCE', p.nspname, c.relname, null, '{USAGE,UPDATE}', coalesce(c.relacl, acldefault('s', c.relowner))
       FROM relations c JOIN place p ON p.oid = c.relnamespace AND p.nspname <> $1
       WHERE c.relkind = 'S' AND (c.relacl IS NOT NULL OR pg_has_role(${argument}c.relowner, 'USAGE'))
       UNION ALL
       SELECT 7, 'LARGE OBJECT', null, l.oid::text, null, '{SELECT,UPDATE}', coalesce(lomacl, acldefault('L', lomowner))
       FROM pg_largeobject_metadata l, me WHERE lomowner <> me.oid AND (lomacl IS NOT NULL OR pg_has_role(${argument}lomowner, 'USAGE'))
       UNION ALL
       SELECT 8, 'FOREIGN SERVER', null, srvname, null, '{USAGE}', coalesce(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server
       UNION ALL
       SELECT 9, 'FOREIGN DATA WRAPPER', null, fdwname, null, '{USAGE}', coalesce(fdwacl, acldefault('F', fdwowner)) FROM pg_foreign_data_wrapper
       UNION ALL
       SELECT 10, 'LANGUAGE', null, lanname, null, '{USAGE}', nullif(ARRAY(SELECT makeaclitem(a.grantee, a.grantor, 'USAGE', false) FROM aclexplode(lanacl) a WHERE a.grantee <> 0), '{}')
       FROM pg_language WHERE lanispl AND lanacl IS NOT NULL
       UNION ALL
       SELECT 11, 'TABLESPACE', null, spcname, null, '{CREATE}', coalesce(spcacl, acldefault('t', spcowner)) FROM pg_tablespace
       ${versionNum >= 150000 ? `UNION ALL SELECT 12, 'PARAMETER', null, parname, null, '{SET,ALTER SYSTEM}', paracl FROM pg_parameter_acl` : ''}
     ), found AS (
       SELECT o.rank, o.kind, o.schema, o.name, o.args, string_agg(DISTINCT a.privilege_type, ', ') AS privileges, bool_or(a.grantee = 0) AS public,
              bool_or(a.grantee = me.oid) AS itself, array_agg(DISTINCT a.grantee) AS grantees
       FROM objects o ${holders(reader)}, me WHERE NOT me.rolsuper
       GROUP BY o.rank, o.kind, o.schema, o.name, o.args
       UNION ALL
       SELECT 0, 'ROLE', null, rolname, null, concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
              CASE WHEN rolcreatedb THEN 'CREATEDB' END), false, true, '{}'
       FROM me WHERE rolsuper OR rolcreaterole OR rolcreatedb
     ), ranked AS (
       SELECT *, count(*) OVER ()::int AS count, row_number() OVER (PARTITION BY rank ORDER BY schema, name, args) AS place FROM found
     )
     SELECT kind, schema, name, args, privileges, public AS "byPublic", itself AS "byItself",
            ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid, me
                  WHERE m.member = me.oid AND EXISTS (SELECT FROM unnest(r.grantees) AS h (oid) WHERE h.oid NOT IN (0, me.oid) AND pg_has_role(m.roleid, h.oid, 'USAGE'))
                  ORDER BY 1) AS "byMembership",
            rank = 4 AS "isDefiner", count
     FROM ranked r ORDER BY place > ${OF_EACH_KIND}, rank, place LIMIT $2`;
  return { text, values: [tempSchema, limit] };
}

/** A database that a role can connect to, and whether through PUBLIC or a direct grant. */
export interface OtherDatabase {
  readonly name: string;
  readonly byPublic: boolean;
  readonly byItself: boolean;
}

/** Selects the databases outside `named` that `reader` can connect to. */
export function otherDatabasesQuery(
  { row, argument }: Reader,
  named: readonly string[],
): Query<OtherDatabase> {
  return {
    text: `SELECT d.datname AS name, coalesce(bool_or(a.grantee = 0), false) AS "byPublic", coalesce(bool_or(a.grantee = me.oid), false) AS "byItself"
     FROM (SELECT * FROM ${row}) me, pg_database d
     LEFT JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a ON a.privilege_type = 'CONNECT'
     WHERE d.datallowconn AND has_database_privilege(${argument}d.oid, 'CONNECT') AND NOT d.datname = ANY ($1::text[])
     GROUP BY d.datname ORDER BY d.datname`,
    values: [named],
  };
}
