import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';
import { isLegible } from './legible';
import { isMark, mayHaveMadeSchema } from './marks';

/** A schema, as the catalog describes it. */
export interface SchemaFacts {
  readonly oid: number;
  readonly name: string;
  /** The owner; the owner of the database if the schema belongs to `pg_database_owner`. */
  readonly owner: number;
  readonly ownerName: string;
  /** Whether the role has USAGE and CREATE: by a grant, a membership or PUBLIC. */
  readonly usage: boolean;
  readonly create: boolean;
  /** Whether the administrator has USAGE. */
  readonly adminUsage: boolean;
  /** A system schema, a temporary schema, or a schema of an extension or of RDS. `public` is never internal. */
  readonly internal: boolean;
  /** A system schema or a temporary schema. */
  readonly isSystem: boolean;
  /** False if the name is not UTF-8 and so cannot be sent to the server. */
  readonly isLegible: boolean;
  /** The comment, if it is a trusted mark; null for any other comment. */
  readonly comment: string | null;
  /** The owner of a schema whose mark is not trusted; else null. */
  readonly falseMarkOf: string | null;
}

/**
 * Selects all schemas of the database, with the privileges of `role`; without a role, the privileges are false. Marks are trusted
 * if the administrator `adminName` (default: the current user) may have written them.
 */
export function schemasQuery<V = never>(
  role: Parameter<number | undefined, V>,
  adminName?: string,
): Query<SchemaFacts, V> {
  return {
    text: `SELECT n.oid, n.nspname AS name, o.oid AS owner, o.rolname AS "ownerName",
            coalesce(has_schema_privilege($1::oid, n.oid, 'USAGE'), false) AS usage,
            coalesce(has_schema_privilege($1::oid, n.oid, 'CREATE'), false) AS create,
            has_schema_privilege(n.oid, 'USAGE') AS "adminUsage",
            n.nspname ~ '^pg_' OR n.nspname = 'information_schema' AS "isSystem", ${isLegible('n.nspname')} AS "isLegible",
            n.nspname ~ '^pg_' OR n.nspname = 'information_schema' OR o.rolname = 'rdsadmin' AND o.rolsuper AND n.nspname <> 'public'
              OR n.oid IN (SELECT e.objid FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.deptype = 'e')
              AS internal,
            CASE WHEN m.made THEN c.description END AS comment,
            CASE WHEN NOT m.made THEN o.rolname END AS "falseMarkOf"
     FROM pg_namespace n
     JOIN pg_roles me ON me.rolname = coalesce($2::name, current_user)
     JOIN pg_database d ON d.datname = current_database()
     JOIN pg_roles named ON named.oid = n.nspowner
     JOIN pg_roles o ON o.oid = CASE WHEN named.rolname = 'pg_database_owner' THEN d.datdba ELSE n.nspowner END
     LEFT JOIN pg_description c ON c.classoid = 'pg_namespace'::regclass AND c.objoid = n.oid AND c.objsubid = 0
     CROSS JOIN LATERAL (SELECT CASE WHEN ${isMark('c.description')} THEN ${mayHaveMadeSchema('o.oid', 'd', 'me')} END) m (made)
     ORDER BY n.nspname`,
    values: [role ?? null, adminName ?? null],
  };
}

/** Returns the schemas that still exist, with their present names. Much faster than reading all facts again. */
export async function readRenamed(session: Session, schemas: readonly SchemaFacts[]): Promise<SchemaFacts[]> {
  const rows = await session.rows<{ oid: number; name: string }>(
    'SELECT oid, nspname AS name FROM pg_namespace',
  );
  const names = new Map(rows.map(({ oid, name }) => [oid, name]));
  return schemas.flatMap((schema) => {
    const name = names.get(schema.oid);
    return name === undefined ? [] : [{ ...schema, name }];
  });
}
