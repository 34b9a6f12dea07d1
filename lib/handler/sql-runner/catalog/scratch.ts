import type { Session } from '../connection/session';

/** Something that the role left in a temp schema. */
export interface ScratchObject {
  /** What DROP calls it. */
  readonly kind: string;
  /** Its qualified name as SQL, with the types of arguments where it has some. */
  readonly identity: string;
}

/** What is dropped one by one, by catalog: relations, functions, types of their own. */
const OBJECTS = `
  SELECT 'pg_class'::regclass AS classid, oid FROM pg_class WHERE relnamespace = $1 AND relowner = $2 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = $1 AND proowner = $2
  UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typnamespace = $1 AND t.typowner = $2 AND coalesce(c.relkind, 'c') = 'c'
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)`;

/** Reads the role's things in the schema, newest first: what is built on others mostly comes before them. */
export async function readScratch(session: Session, schema: number, role: number): Promise<ScratchObject[]> {
  return session.rows<ScratchObject>(
    `SELECT upper(i.type) AS kind,
            CASE i.type WHEN 'aggregate' THEN replace(i.identity, '()', '(*)') ELSE i.identity END AS identity
     FROM (${OBJECTS}) o, pg_identify_object(o.classid, o.oid, 0) i
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype IN ('a', 'i')
                       AND d.refclassid = 'pg_class'::regclass)
     ORDER BY o.oid DESC`,
    [schema, role],
  );
}
