import type { DatabaseSpec } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import { ident, idents } from '../identifiers';

/** Schemas of well-known software that hold keys, password hashes, tokens or commands with passwords in them. */
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

/** A sentence on such schemas where all schemas are granted, and so nobody asked for them by name. */
export function secretSchemasNotice(spec: DatabaseSpec, granted: readonly SchemaFacts[]): string | undefined {
  const found = granted.map(({ name }) => name).filter((name) => SECRET_SCHEMAS.includes(name));
  if (spec.schemas || found.length === 0) return undefined;
  return (
    `Database ${ident(spec.databaseName)}: all schemas are granted, ${idents(found)} among them, where such names mostly stand for keys, password hashes or tokens. ` +
    'If Datafold need not read them, name them in excludeSchemas; if it must, name all schemas in schemas.'
  );
}
