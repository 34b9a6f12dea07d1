import type { Client } from 'pg';

const ROLES = `
  SELECT 'role ' || rolname || ' ' || concat_ws(',', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolconfig)
    || ' ' || coalesce(shobj_description(oid, 'pg_authid'), '') AS line FROM pg_roles
  UNION ALL
  SELECT 'database ' || datname || ' ' || pg_get_userbyid(datdba) || ' '
    || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(datacl, acldefault('d', datdba))) a) FROM pg_database
  UNION ALL
  SELECT 'member ' || pg_get_userbyid(roleid) || ' ' || pg_get_userbyid(member) || ' ' || (to_jsonb(m) - 'oid' - 'roleid' - 'member')::text FROM pg_auth_members m`;

const DATABASE = `
  SELECT 'schema ' || nspname || ' ' || pg_get_userbyid(nspowner) || ' ' || coalesce(obj_description(oid, 'pg_namespace'), '') || ' '
    || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(nspacl, acldefault('n', nspowner))) a) AS line FROM pg_namespace WHERE nspname !~ '^pg_t'
  UNION ALL
  SELECT 'relation ' || c.oid::regclass || ' ' || relkind::text || ' ' || pg_get_userbyid(relowner) || ' '
    || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) a)
  FROM pg_class c WHERE relnamespace::regnamespace::text !~ '^pg_t' AND relkind NOT IN ('i', 'I', 'c')
  UNION ALL
  SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || attacl::text FROM pg_attribute WHERE attacl IS NOT NULL
  UNION ALL
  SELECT 'default ' || pg_get_userbyid(defaclrole) || ' ' || coalesce(nspname, '*') || ' ' || defaclobjtype::text || ' '
    || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(defaclacl) a)
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  UNION ALL
  SELECT 'function ' || p.oid::regprocedure || ' ' || pg_get_userbyid(proowner) || ' ' || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(proacl, acldefault('f', proowner))) a) FROM pg_proc p WHERE p.oid >= 16384
  UNION ALL
  SELECT 'type ' || t.oid::regtype || ' ' || pg_get_userbyid(typowner) || ' ' || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(typacl, acldefault('T', typowner))) a) FROM pg_type t WHERE t.oid >= 16384 AND typtype <> 'b' AND typnamespace <> 'pg_toast'::regnamespace`;

/** Roles, memberships, databases, schemas, owners, privileges and default privileges, as one sorted text. */
export async function catalogDump(client: Client): Promise<string> {
  const lines: string[] = [];
  for (const query of [ROLES, DATABASE]) {
    lines.push(...(await client.query<{ line: string }>(query)).rows.map((row) => row.line));
  }
  return lines.sort().join('\n');
}

const WRITERS = [
  'pg_class',
  'pg_namespace',
  'pg_default_acl',
  'pg_authid',
  'pg_auth_members',
  'pg_database',
  'pg_shdepend',
  'pg_depend',
  'pg_shdescription',
  'pg_description',
  'pg_type',
]
  .map(
    (table) =>
      `SELECT '${table} ' || ctid::text || ' ' || xmin::text || ' ' || xmax::text AS line FROM ${table}`,
  )
  .join(' UNION ALL ');

/** A digest of which transaction wrote each row of the catalog: equal digests, nothing written. */
export async function writerDump(client: Client): Promise<string> {
  const digest = `SELECT md5(string_agg(line, ',' ORDER BY line)) AS digest FROM (${WRITERS}) lines`;
  return (await client.query<{ digest: string }>(digest)).rows[0].digest;
}
