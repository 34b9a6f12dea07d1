import type { StatementKind } from '../statement-log/kind';

/** Kinds that put no rows of a table into another one, and hide nothing that does. */
const WITHOUT_LINEAGE: readonly StatementKind[] = ['COPY', 'TRUNCATE', 'other definition', 'other'];

/**
 * True if a masked statement has to be parsed to find its lineage, judged by its words.
 *
 * Most statements of an application are `INSERT … VALUES` and updates by key. They have no source table, and parsing a long
 * one takes seconds.
 */
export function mayHaveLineage(masked: string, kind: StatementKind): boolean {
  const has = (words: RegExp) => words.test(masked);
  if (masked.includes(';') && /;./.test(masked))
    return has(/\b(select|table|merge|call|do|execute|prepare|rename)\b/);
  if (WITHOUT_LINEAGE.includes(kind)) return has(/\brename\b|\bset schema\b/);
  if (kind === 'INSERT') return has(/\b(select|table)\b/);
  if (kind === 'UPDATE') return has(/\b(select|from|with)\b/);
  if (kind === 'DELETE') return has(/\bwith\b/);
  if (kind === 'CREATE TABLE')
    return has(/^create (?:(?:global|local) )?temp|^create table (?:if not exists )?pg_temp/);
  if (kind === 'ALTER TABLE') return has(/\b(rename to|set schema|attach partition)\b/);
  if (kind === 'SELECT') return has(/\b(insert|update|delete|merge)\b/) || !has(/\bfrom\b/);
  return true;
}
