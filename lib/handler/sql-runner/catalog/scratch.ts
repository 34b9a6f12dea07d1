import type { Session } from '../connection/session';
import { FIRST_USER_OID, needsOthers } from './external-dependents';

/** An object that the role created in the temp schema. */
export interface ScratchObject {
  /** The object type as in DROP. */
  readonly kind: string;
  /** The qualified name as SQL, with argument types. */
  readonly identity: string;
}

/** Catalogs of objects with a schema and an owner, besides relations and types, with the prefix of their columns. */
const CATALOGS = {
  pg_proc: 'pro',
  pg_operator: 'opr',
  pg_opclass: 'opc',
  pg_opfamily: 'opf',
  pg_collation: 'coll',
  pg_conversion: 'con',
  pg_ts_dict: 'dict',
  pg_ts_config: 'cfg',
  pg_statistic_ext: 'stx',
};

/** SQL for the objects to drop one by one: relations, standalone types, other owned objects, and casts that use only such objects. */
const OBJECTS = [
  `SELECT 'pg_class'::regclass AS classid, oid FROM pg_class WHERE relnamespace = $1 AND relowner = $2 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
  `SELECT 'pg_type'::regclass, t.oid FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE t.typnamespace = $1 AND t.typowner = $2 AND coalesce(c.relkind, 'c') = 'c'
     AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)`,
  ...Object.entries(CATALOGS).map(
    ([catalog, prefix]) =>
      `SELECT '${catalog}'::regclass, oid FROM ${catalog} WHERE ${prefix}namespace = $1 AND ${prefix}owner = $2`,
  ),
  `SELECT 'pg_cast'::regclass, c.oid FROM pg_cast c WHERE c.oid >= ${FIRST_USER_OID} AND NOT ${needsOthers("'pg_cast'::regclass", 'c.oid')}
     AND EXISTS (SELECT FROM pg_type t WHERE t.oid IN (c.castsource, c.casttarget) AND t.typnamespace = $1)`,
].join('\n  UNION ALL ');

/** Reads the objects of the role in the schema, newest first: an object is mostly newer than the objects that it depends on. */
export async function readScratch(session: Session, schema: number, role: number): Promise<ScratchObject[]> {
  return session.rows<ScratchObject>(
    `SELECT CASE i.type WHEN 'statistics object' THEN 'STATISTICS' ELSE upper(i.type) END AS kind,
            CASE i.type WHEN 'aggregate' THEN regexp_replace(i.identity, '\\(\\)$', '(*)') ELSE i.identity END AS identity
     FROM (${OBJECTS}) o, pg_identify_object(o.classid, o.oid, 0) i
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype IN ('a', 'i')
                       AND d.refclassid = 'pg_class'::regclass)
     ORDER BY o.oid DESC`,
    [schema, role],
  );
}
