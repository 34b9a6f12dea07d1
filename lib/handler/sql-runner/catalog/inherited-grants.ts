import type { Session } from '../connection/session';

/** Roles with privileges on a new schema, which the default privileges of the schema owner granted. */
export interface SchemaGrantees {
  readonly owner: number;
  /** As GRANT names them. */
  readonly grantees: readonly string[];
}

/** Reads the roles with privileges on a schema, apart from its owner and `role`. */
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

/** Default privileges of the role: privileges that other roles get on objects that the role creates. */
export interface DefaultsForOthers {
  /** `pg_default_acl.defaclobjtype`. */
  readonly objectType: string;
  /** Null if they apply in all schemas. */
  readonly schema: string | null;
  /** As GRANT names them. */
  readonly grantees: readonly string[];
}

/** Reads which roles get privileges on objects that `role` creates in `schema`, without PostgreSQL's built-in defaults for PUBLIC. */
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
