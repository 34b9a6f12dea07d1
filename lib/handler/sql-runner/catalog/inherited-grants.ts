import type { Session } from '../connection/session';

/** Rights of others that a new schema got by default privileges of its owner. */
export interface SchemaGrantees {
  readonly owner: number;
  /** As GRANT names them. */
  readonly grantees: readonly string[];
}

/** Reads who has rights in a schema beside its owner and `role`. */
export async function readSchemaGrantees(
  session: Session,
  schema: string,
  role: number,
): Promise<SchemaGrantees | undefined> {
  const [row] = await session.rows<SchemaGrantees>(
    `SELECT n.nspowner AS owner,
            array_agg(DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) AS grantees
     FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.nspname = $1 AND a.grantee NOT IN (n.nspowner, $2) GROUP BY n.nspowner`,
    [schema, role],
  );
  return row;
}

/** Rights that others get on what the role makes, by default privileges of the role. */
export interface DefaultsForOthers {
  /** `pg_default_acl.defaclobjtype`. */
  readonly objectType: string;
  /** Null where they hold in all schemas. */
  readonly schema: string | null;
  /** As GRANT names them. */
  readonly grantees: readonly string[];
}

/** Reads who has rights on what `role` makes in `schema`; without what PostgreSQL itself gives to everybody on functions and types. */
export async function readDefaultsForOthers(
  session: Session,
  schema: string,
  role: number,
): Promise<DefaultsForOthers[]> {
  return session.rows<DefaultsForOthers>(
    `SELECT d.defaclobjtype::text AS "objectType", n.nspname AS schema,
            array_agg(DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) AS grantees
     FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
     WHERE d.defaclrole = $2 AND a.grantee <> $2 AND (a.grantee <> 0 OR n.oid IS NOT NULL OR d.defaclobjtype IN ('r', 'S'))
       AND (d.defaclnamespace = 0 OR n.nspname = $1)
     GROUP BY d.defaclobjtype, n.nspname ORDER BY 1, 2`,
    [schema, role],
  );
}
