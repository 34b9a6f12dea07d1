import type { DatabaseSpec } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import { ident, idents } from '../identifiers';

/** Schemas of well-known software that contain keys, password hashes, tokens or commands with passwords. */
export const SECRET_SCHEMAS: readonly string[] = [
  '_realtime', // Supabase: signing secrets of tenants
  '_supavisor', // Supabase: passwords of the pooler
  'auth', // Supabase: users, password hashes, tokens
  'cron', // pg_cron: commands
  'hdb_catalog', // Hasura: addresses of databases with passwords, signing secrets
  'net', // pg_net: requests with their headers
  'pgsodium', // keys
  'pgsodium_masks',
  'vault', // Supabase: secrets
];

/** Returns a notice about such schemas if all schemas are granted, so that nobody named them. */
export function secretSchemasNotice(spec: DatabaseSpec, granted: readonly SchemaFacts[]): string | undefined {
  const found = granted.map(({ name }) => name).filter((name) => SECRET_SCHEMAS.includes(name));
  if (spec.schemas || found.length === 0) return undefined;
  return (
    `Database ${ident(spec.databaseName)}: all schemas are granted, including ${idents(found)}: schemas of these names usually contain keys, password hashes or tokens. ` +
    'To exclude them, name them in excludeSchemas; to keep them, name all schemas in schemas.'
  );
}
