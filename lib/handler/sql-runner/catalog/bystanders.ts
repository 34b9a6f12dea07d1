import type { Session } from '../connection/session';

/** Something that would go, or break, with a schema though it is not the role's own scratch work. */
export interface Bystander {
  readonly name: string;
}

/**
 * What speaks against dropping the schema: relations, functions and types in it of others than `role`, and relations
 * outside of it that are built on relations inside.
 */
export async function readBystanders(
  session: Session,
  schema: number,
  role: number | undefined,
): Promise<Bystander[]> {
  return session.rows<Bystander>(
    `WITH inside AS (
       SELECT 'pg_class'::regclass AS classid, oid, relowner AS owner FROM pg_class WHERE relnamespace = $1 AND relkind NOT IN ('i', 'I', 't', 'c')
       UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc WHERE pronamespace = $1
       UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE typnamespace = $1
     ), dependents AS (
       SELECT coalesce(w.ev_class, k.conrelid, a.adrelid, t.tgrelid, CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid END) AS relation
       FROM pg_depend d JOIN inside i ON d.refclassid = i.classid AND d.refobjid = i.oid
       LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
       LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
       LEFT JOIN pg_attrdef a ON d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
       LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
     )
     SELECT pg_describe_object(classid, oid, 0) AS name FROM inside WHERE owner IS DISTINCT FROM $2
     UNION
     SELECT pg_describe_object('pg_class'::regclass, c.oid, 0) FROM dependents
     JOIN pg_class c ON c.oid = dependents.relation WHERE c.relnamespace <> $1 AND c.relkind NOT IN ('i', 'I', 't')
     ORDER BY name LIMIT 5`,
    [schema, role ?? null],
  );
}
