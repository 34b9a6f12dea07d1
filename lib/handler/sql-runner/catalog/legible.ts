import type { Queries } from '../connection/queries';
import { RELATION_KINDS } from './relations';

/** A regular expression that matches valid UTF-8. */
const UTF8 = String.raw`^([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*$`;

/**
 * SQL that is true for a name that can be sent to the server. A database with the encoding SQL_ASCII may have names that are
 * not UTF-8, which a client cannot send. In other databases the server converts names.
 */
export const isLegible = (name: string) =>
  `CASE WHEN getdatabaseencoding() = 'SQL_ASCII' THEN ${name}::text ~ '${UTF8}' ELSE true END`;

/** Counts of names that are not UTF-8. */
export interface Illegible {
  readonly schemas: number;
  readonly relations: number;
}

/** Counts the schemas whose names are not UTF-8, and the relations in `schemas` with such names. */
export async function readIllegible(session: Queries, schemas: number[]): Promise<Illegible> {
  const [row] = await session.rows<Illegible>(
    `SELECT (SELECT count(*)::int FROM pg_namespace WHERE nspname !~ '^pg_' AND NOT ${isLegible('nspname')}) AS schemas,
            (SELECT count(*)::int FROM pg_class c WHERE c.relkind IN ${RELATION_KINDS} AND c.relnamespace = ANY ($1::oid[])
             AND NOT ${isLegible('c.relname')}) AS relations`,
    [schemas],
  );
  return row;
}
