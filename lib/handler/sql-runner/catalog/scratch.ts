import type { Session } from '../connection/session';

/** A relation that the role left in a temp schema. */
export interface ScratchRelation {
  readonly name: string;
  /** What DROP calls it. */
  readonly kind: 'TABLE' | 'VIEW' | 'MATERIALIZED VIEW' | 'FOREIGN TABLE' | 'SEQUENCE';
}

/** Reads the role's relations in the schema, newest first: what is built on others comes before them. */
export async function readScratch(
  session: Session,
  schema: number,
  role: number,
): Promise<ScratchRelation[]> {
  return session.rows<ScratchRelation>(
    `SELECT c.relname AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
              WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
     FROM pg_class c
     WHERE c.relnamespace = $1 AND c.relowner = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                       AND d.refclassid = 'pg_class'::regclass)
     ORDER BY c.oid DESC`,
    [schema, role],
  );
}
