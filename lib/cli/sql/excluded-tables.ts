import { grantedExcludedQuery } from '../../handler/sql-runner/catalog/excluded-tables';
import { ident } from '../../handler/sql-runner/identifiers';
import { literal } from '../../handler/sql-runner/identifiers';
import { revoke } from '../../handler/sql-runner/plan/privileges';
import { inPsql, ROLE, SCHEMAS } from './psql-variable';
import { arrayOf, comment, gset, gexec } from './text';
import type { SqlOptions } from './options';

/** The psql variable with the owners of the excluded tables. */
export const EXCLUDED_OWNERS = 'excluded_owners';

/** True if the script revokes something. Grants of an adopted role are left alone. */
export const revokesExcluded = ({ excludeTables, adoptExisting }: SqlOptions) =>
  excludeTables.length > 0 && !adoptExisting;

/** Reads which excluded tables the role was granted. */
export function readExcluded(options: SqlOptions): string[] {
  if (!revokesExcluded(options)) return [];
  const granted = inPsql(grantedExcludedQuery(ROLE, SCHEMAS, options.excludeTables));
  return [
    comment('Excluded tables on which the role has grants.'),
    gset(
      `SELECT coalesce(array_agg(e.oid), '{}')::text AS excluded, coalesce(array_agg(e.owner), '{}')::text AS ${EXCLUDED_OWNERS}\nFROM (\n${granted}\n) e`,
    ),
  ];
}

/** Revokes the grants on excluded tables. */
export function excludedPart(options: SqlOptions): string[] {
  if (!revokesExcluded(options)) return [];
  const role = ident(options.roleName).replaceAll('%', '%%');
  const format = literal(revoke('ALL', 'TABLE %I.%I', role)).trim();
  return [
    '',
    comment(
      'Excluded tables. Default privileges cannot exclude future tables: run this script again for them.',
    ),
    gexec(
      `SELECT format(${format}, n.nspname, c.relname)\nFROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (${arrayOf('excluded')})`,
    ),
  ];
}
