import type { Parameter, Query } from '../connection/queries';

/** The lowest oid of user objects (FirstNormalObjectId): built-in objects have lower ones. */
export const FIRST_USER_OID = 16384;

/**
 * SQL that is true if an object depends on another object that neither the role (`$2`) owns, nor PostgreSQL or an extension
 * provides. Casts, members of operator families and the like have no owner: they count as the role's if they depend on nothing
 * that another role owns.
 */
export function needsOthers(classid: string, objid: string): string {
  return `EXISTS (
       SELECT FROM pg_depend n
       WHERE n.classid = ${classid} AND n.objid = ${objid} AND n.refobjid >= ${FIRST_USER_OID}
         AND $2::oid IS DISTINCT FROM CASE n.refclassid
           WHEN 'pg_type'::regclass THEN (SELECT typowner FROM pg_type WHERE oid = n.refobjid)
           WHEN 'pg_class'::regclass THEN (SELECT relowner FROM pg_class WHERE oid = n.refobjid)
           ELSE (SELECT s.refobjid FROM pg_shdepend s JOIN pg_database b ON b.oid = s.dbid AND b.datname = current_database()
                 WHERE s.classid = n.refclassid AND s.objid = n.refobjid AND s.deptype = 'o') END
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = n.refclassid AND e.objid = n.refobjid AND e.deptype = 'e'))`;
}

/** An object that dropping a schema would drop or break, and that is not one of the role's own temporary objects. */
export interface ExternalDependent {
  readonly name: string;
}

/** Catalogs of objects that belong to a relation, with the column that holds the oid of the relation. */
const PARTS = {
  pg_rewrite: 'ev_class',
  pg_constraint: 'conrelid',
  pg_attrdef: 'adrelid',
  pg_trigger: 'tgrelid',
  pg_policy: 'polrelid',
};

/** Catalogs of objects that have an owner, or belong to an object that has one. */
const OWNED = [
  'pg_class',
  'pg_proc',
  'pg_type',
  'pg_operator',
  'pg_opclass',
  'pg_opfamily',
  'pg_collation',
  'pg_conversion',
  'pg_ts_dict',
  'pg_ts_config',
  'pg_statistic_ext',
  'pg_publication',
  'pg_event_trigger',
  'pg_extension',
  ...Object.keys(PARTS),
];

const relationOf = Object.entries(PARTS).map(
  ([catalog, column]) =>
    `WHEN '${catalog}'::regclass THEN (SELECT ${column} FROM ${catalog} WHERE oid = d.objid)`,
);

/**
 * Selects what prevents dropping the schema: objects in the schema that `role` does not own, objects outside that depend on an
 * object inside, and other roles with CREATE on the schema.
 *
 * Default privileges in the schema do not count: they are dropped with it. A view depends by its rule; a type is represented by
 * its relation. An object without an owner (a cast, a member of an operator family) counts unless everything it needs belongs
 * to the role.
 */
export function externalDependentsQuery<V = never>(
  schema: Parameter<number, V>,
  role: Parameter<number | undefined, V>,
): Query<ExternalDependent, V> {
  return {
    text: `WITH inside AS (
       SELECT 'pg_class'::regclass::oid AS classid, oid, relowner AS owner FROM pg_class WHERE relnamespace = $1 AND relkind <> 't'
       UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc WHERE pronamespace = $1
       UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE typnamespace = $1
       UNION ALL SELECT d.classid, d.objid,
                        (SELECT s.refobjid FROM pg_shdepend s JOIN pg_database b ON b.oid = s.dbid AND b.datname = current_database()
                         WHERE s.classid = d.classid AND s.objid = d.objid AND s.deptype = 'o')
       FROM pg_depend d WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = $1
         AND d.classid NOT IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_default_acl'::regclass)
     ), dependent AS (
       SELECT DISTINCT d.classid, d.objid, CASE d.classid ${relationOf.join(' ')} ELSE 0 END AS part_of
       FROM pg_depend d JOIN inside i ON d.refclassid = i.classid AND d.refobjid = i.oid
       WHERE (d.classid, d.objid) NOT IN (SELECT classid, oid FROM inside) AND d.deptype <> 'i'
     )
     SELECT pg_describe_object(classid, oid, 0) AS name FROM inside i
     WHERE owner IS DISTINCT FROM $2 AND NOT (classid = 'pg_class'::regclass AND oid IN (SELECT indexrelid FROM pg_index))
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = i.classid AND d.objid = i.oid AND d.deptype = 'i')
     UNION
     SELECT CASE d.classid WHEN 'pg_rewrite'::regclass THEN pg_describe_object('pg_class'::regclass, part_of, 0)
            ELSE pg_describe_object(d.classid, d.objid, 0) END
     FROM dependent d LEFT JOIN pg_class c ON c.oid = CASE d.classid WHEN 'pg_class'::regclass THEN d.objid ELSE d.part_of END
     WHERE c.relnamespace IS DISTINCT FROM $1 AND c.relkind IS DISTINCT FROM 't'
       AND NOT (d.classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid
                                                                  WHERE k.oid = d.objid AND t.typnamespace = $1))
       AND (d.classid IN (${OWNED.map((catalog) => `'${catalog}'::regclass`).join(', ')}) OR ${needsOthers('d.classid', 'd.objid')})
     UNION
     SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE 'role ' || pg_get_userbyid(a.grantee) END FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.oid = $1 AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner AND a.grantee IS DISTINCT FROM $2
     ORDER BY name LIMIT 5`,
    values: [schema, role ?? null],
  };
}
