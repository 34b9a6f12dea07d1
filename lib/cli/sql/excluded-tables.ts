import { readGrantedExcluded } from '../../handler/sql-runner/catalog/excluded-tables';
import { ident } from '../../handler/sql-runner/identifiers';
import { literal } from '../../handler/sql-runner/identifiers';
import { queryOf, ROLE, SCHEMAS } from './capture';
import { arrayOf, comment, learn, runRows } from './text';
import type { SqlWish } from './wish';

/** The variable with the owners of what is to be revoked. */
export const EXCLUDED_OWNERS = 'excluded_owners';

/** True where the script takes something away: what a role that was there before was granted is left alone. */
export const revokesExcluded = ({ excludeTables, adoptExisting }: SqlWish) =>
  excludeTables.length > 0 && !adoptExisting;

/** Learns which excluded tables the role was granted. */
export async function learnExcluded(wish: SqlWish): Promise<string[]> {
  if (!revokesExcluded(wish)) return [];
  const granted = await queryOf((session) => readGrantedExcluded(session, ROLE, SCHEMAS, wish.excludeTables));
  return [
    comment('Tables that are excluded now, and were granted before.'),
    learn(
      `SELECT coalesce(array_agg(e.oid), '{}')::text AS excluded, coalesce(array_agg(e.owner), '{}')::text AS ${EXCLUDED_OWNERS}\nFROM (\n${granted}\n) e`,
    ),
  ];
}

/** Takes them away. */
export function excludedPart(wish: SqlWish): string[] {
  if (!revokesExcluded(wish)) return [];
  const format = literal(
    `REVOKE ALL ON TABLE %I.%I FROM ${ident(wish.roleName).replaceAll('%', '%%')} CASCADE`,
  ).trim();
  return [
    '',
    comment('Excluded tables. Default privileges can not leave out later ones: run this again for them.'),
    runRows(
      `SELECT format(${format}, n.nspname, c.relname)\nFROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (${arrayOf('excluded')})`,
    ),
  ];
}
