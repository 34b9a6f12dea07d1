import type { Client } from 'pg';
import type { Cloud } from './cloud';
import { rows } from './database';

/** An ACL as it counts: none stands for the default, and the order does not matter. */
const acl = (column: string, kind: string, owner: string) =>
  `(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(coalesce(${column}, acldefault(${kind}, ${owner}))) a)`;

/** Roles and their memberships, settings and comments; databases and their ACLs. */
const SHARED = `
  SELECT 'role ' || rolname || ' ' || concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
    rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil) AS line FROM pg_roles
  UNION ALL SELECT concat_ws(' ', 'member', roleid::regrole, member::regrole,
    to_jsonb(m) - '{oid,roleid,member,grantor}'::text[]) FROM pg_auth_members m
  UNION ALL SELECT concat_ws(' ', 'setting', setdatabase, setrole::regrole, setconfig) FROM pg_db_role_setting
  UNION ALL SELECT concat_ws(' ', 'comment', classoid::regclass, objoid, description) FROM pg_shdescription
  UNION ALL SELECT concat_ws(' ', 'database', datname, datdba::regrole, ${acl('datacl', "'d'", 'datdba')}) FROM pg_database
  ORDER BY 1`;

/** Schemas, relations, columns and default privileges with their owners and ACLs, and comments of schemas. */
const LOCAL = `
  SELECT concat_ws(' ', 'schema', nspname, nspowner::regrole, ${acl('nspacl', "'n'", 'nspowner')}) AS line
    FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL SELECT concat_ws(' ', 'relation', oid::regclass, relkind, relowner::regrole,
    ${acl('relacl', `CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`, 'relowner')})
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace <> 'information_schema'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, attacl) FROM pg_attribute WHERE attacl IS NOT NULL
  UNION ALL SELECT concat_ws(' ', 'default', defaclrole::regrole, defaclnamespace, defaclobjtype, defaclacl) FROM pg_default_acl
  UNION ALL SELECT concat_ws(' ', 'comment', objoid::regnamespace, description)
    FROM pg_description WHERE classoid = 'pg_namespace'::regclass
  UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, ${acl('proacl', "'f'", 'proowner')})
    FROM pg_proc WHERE pronamespace > 16000
  ORDER BY 1`;

/** Everything in a server that an access construct could have changed, as sorted lines. */
export async function catalog(cloud: Cloud, host: string): Promise<string[]> {
  const lines = async (client: Client, sql: string) =>
    (await rows<{ line: string }>(client, sql)).map((r) => r.line);
  const all = await cloud.inspect(host, 'postgres', async (client) => lines(client, SHARED));
  const databases = await cloud.inspect(host, 'postgres', async (client) =>
    rows<{ datname: string }>(
      client,
      "SELECT datname FROM pg_database WHERE datallowconn AND datname <> 'rdsadmin' ORDER BY 1",
    ),
  );
  for (const { datname } of databases) {
    const local = await cloud.inspect(host, datname, async (client) => lines(client, LOCAL));
    all.push(...local.map((line) => `${datname}: ${line}`));
  }
  return all;
}
