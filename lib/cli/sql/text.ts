import { ident, literal } from '../../handler/sql-runner/identifiers';

/** Comment lines. */
export function comment(...lines: readonly string[]): string {
  return lines.map((line) => `-- ${line}`.trimEnd()).join('\n');
}

/** How psql runs a script: no pager, which would wait for a key in the middle of a transaction. */
export const SETTINGS = [
  '\\set ON_ERROR_STOP on',
  '\\set ECHO queries',
  '\\pset pager off',
  'SET search_path TO pg_catalog;',
].join('\n');

/** Connects to a database of the same server, whatever its name looks like. */
export function connectTo(database: string): string {
  const value = database.replace(/[\\']/g, '\\$&');
  return [
    `\\connect -reuse-previous=on "dbname='${value.replaceAll('"', '""')}'"`,
    // Nothing that somebody put into another schema is called by mistake.
    'SET search_path TO pg_catalog;',
  ].join('\n');
}

/** A query whose single row becomes variables of psql. */
export const learn = (query: string) => `${query} \\gset`;

/** A query whose rows are statements, which psql runs one by one. */
export const runRows = (query: string) => `${query} \\gexec`;

/** Lines that psql takes only if the variable is true. */
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

/** Names of things that must be there, as an array of oids: an unknown one is an error. */
export function oids(type: 'regnamespace' | 'regrole', names: readonly string[]): string {
  return `ARRAY[${names.map((name) => `${literal(ident(name))}::${type}`).join(', ')}]::oid[]`;
}

/** A variable that holds an array of oids. */
export const arrayOf = (name: string) => `:'${name}'::oid[]`;

/** For a line that psql prints. */
export const legible = (name: string) => name.replace(/[^\w-]/g, '?');
