import type { Parameter, Query } from '../connection/queries';

/** Privileges of the role on an object that runs never grant: a function, a type, a foreign server, a large object. */
export interface OtherGrant {
  /** The object type as in GRANT. */
  readonly kind: string;
  /** The qualified name as SQL. */
  readonly identity: string;
  readonly owner: number;
}

/** Selects all grants of the role in the current database and on shared objects, except default privileges. */
export function otherGrantsQuery<V = never>(role: Parameter<number, V>): Query<OtherGrant, V> {
  return {
    text: `SELECT DISTINCT i.identity, coalesce(o.refobjid, (SELECT oid FROM pg_roles WHERE oid = 10)) AS owner,
            CASE i.type WHEN 'view' THEN 'TABLE' WHEN 'materialized view' THEN 'TABLE' WHEN 'foreign table' THEN 'TABLE'
              WHEN 'table column' THEN 'TABLE' WHEN 'aggregate' THEN 'FUNCTION' WHEN 'domain' THEN 'TYPE'
              WHEN 'parameter ACL' THEN 'PARAMETER' WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER' WHEN 'server' THEN 'FOREIGN SERVER' ELSE upper(i.type) END AS kind
     FROM pg_shdepend s JOIN pg_database d ON d.datname = current_database()
     LEFT JOIN pg_shdepend o ON (o.dbid, o.classid, o.objid, o.deptype) = (s.dbid, s.classid, s.objid, 'o')
     CROSS JOIN LATERAL pg_identify_object(s.classid, s.objid, 0) i
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'a' AND s.dbid IN (0, d.oid)
       AND s.classid <> 'pg_default_acl'::regclass
     ORDER BY kind, i.identity`,
    values: [role],
  };
}

/** A foreign server for which the role has a user mapping, which may contain a password. */
export interface UserMapping {
  readonly server: string;
  readonly owner: number;
}

/** Selects the user mappings of the role in the current database. */
export function userMappingsQuery<V = never>(role: Parameter<number, V>): Query<UserMapping, V> {
  return {
    text: `SELECT s.srvname AS server, s.srvowner AS owner FROM pg_user_mappings m JOIN pg_foreign_server s ON s.oid = m.srvid
     WHERE m.umuser = $1 ORDER BY 1`,
    values: [role],
  };
}
