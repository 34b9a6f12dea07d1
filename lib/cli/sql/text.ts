import { ident, literal } from '../../handler/sql-runner/identifiers';
import type { Statement } from '../../handler/sql-runner/plan/statement';

/** Returns comment lines. */
export function comment(...lines: readonly string[]): string {
  return lines.map((line) => `-- ${line}`.trimEnd()).join('\n');
}

/**
 * Settings of psql: the output is the statements that the script runs, notices, and a statement that fails. A pager would wait
 * for a key in an open transaction.
 */
export const SETTINGS = [
  '\\set ON_ERROR_STOP on',
  '\\set ECHO errors',
  '\\set QUIET on',
  '\\pset pager off',
  '\\pset format unaligned',
  '\\pset tuples_only on',
  'SET search_path TO pg_catalog;',
  '\\set QUIET off',
].join('\n');

/** Connects to another database of the server; its name is escaped. */
export function connectTo(database: string): string {
  const value = database.replace(/[\\']/g, '\\$&');
  return [
    `\\connect -reuse-previous=on "dbname='${value.replaceAll('"', '""')}'"`,
    // No function or operator of another schema is called.
    'SET search_path TO pg_catalog;',
  ].join('\n');
}

/** Runs a query and stores its single row in psql variables. */
export const gset = (query: string) => `${query} \\gset`;

/** Prints the statements that a query returns, then runs it again and executes each of its rows. */
export const gexec = (query: string) => `${query};\n\\gexec`;

/** Lines that psql executes only if the variable is true. */
export function onlyIf(
  variable: string,
  lines: readonly string[],
  otherwise: readonly string[] = [],
): string {
  const rest = otherwise.length > 0 ? ['\\else', ...otherwise] : [];
  return [`\\if :${variable}`, ...lines, ...rest, '\\endif'].join('\n');
}

/** Names as an array of texts. */
export function texts(names: readonly string[]): string {
  return `ARRAY[${names.map((name) => literal(name)).join(', ')}]::text[]`;
}

/** Names as an array of oids; psql fails if one does not exist. */
export function oids(type: 'regnamespace' | 'regrole', names: readonly string[]): string {
  return `ARRAY[${names.map((name) => `${literal(ident(name))}::${type}`).join(', ')}]::oid[]`;
}

/** A variable that holds an array of oids. */
export const arrayOf = (name: string) => `:'${name}'::oid[]`;

/** SQL for the names in an array, quoted and separated by commas. */
export const listed = (names: string) =>
  `array_to_string(ARRAY(SELECT quote_ident(x) FROM unnest(${names}) x), ', ')`;

/** Placeholders for names that the script reads from the catalog. */
export const PLACEHOLDER_1 = 'hole_1';
export const PLACEHOLDER_2 = 'hole_2';

/** A planned statement as a call of `format()` that replaces each placeholder by an SQL expression. */
export function formatted(
  [{ text }]: readonly Statement[],
  placeholders: Readonly<Record<string, string>>,
): string {
  let template = text.replaceAll('%', '%%');
  const order = Object.keys(placeholders)
    .filter((placeholder) => template.includes(ident(placeholder)))
    .sort((a, b) => template.indexOf(ident(a)) - template.indexOf(ident(b)));
  for (const placeholder of order) template = template.replace(ident(placeholder), '%I');
  return `format(${literal(template).trim()}, ${order.map((placeholder) => placeholders[placeholder]).join(', ')})`;
}
