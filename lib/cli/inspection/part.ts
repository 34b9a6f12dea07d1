import type { Query } from '../../handler/sql-runner/connection/queries';
import { literal } from '../../handler/sql-runner/identifiers';
import { ANSWERED } from './answers';
import type { Reader } from '../../handler/sql-runner/catalog/reader';

/** The Data API returns at most 1 MiB, and 64 KB for each row. */
export const MAX_ROWS = 500;

/** A read-only query of the inspection. Each of its rows is JSON text, so that a person can paste the output of any client. */
export interface Part {
  readonly name: string;
  readonly sql: string;
}

/** SQL in place of a parameter: a subquery, since one statement must find what the sql-runner reads in several. */
export class Expression {
  constructor(readonly sql: string) {}
}

/** Returns a part for a query. */
export function part(name: string, query: string): Part {
  return {
    name,
    sql: `SELECT ${jsonFor(name, 'row_to_json(q)')} AS datafold FROM (${query}) q LIMIT ${MAX_ROWS}`,
  };
}

/** Returns the part with a last row, without which its query failed or its output was cut. */
export function withEnd({ name, sql }: Part): Part {
  const end = jsonFor(ANSWERED, `json_build_object('part', ${quoted(name)})`);
  return { name, sql: `SELECT datafold FROM (${sql}) rows UNION ALL SELECT ${end}` };
}

/** Returns SQL for one line of the output. */
export function jsonFor(name: string, row: string): string {
  return `json_build_object('datafold', 1, 'part', ${quoted(name)}, 'database', current_database(), 'row', ${row})::text`;
}

/** A literal or a quoted name, in which `$1` is text; or the number of a parameter. */
const LITERAL_OR_PARAMETER = /\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/gs;

/** Returns a query of the sql-runner with its values in the text. */
export function inSql({ text, values }: Query<unknown, Expression>): string {
  return text.replace(LITERAL_OR_PARAMETER, (found, number?: string) =>
    number === undefined ? found : `(${valueOf(values[Number(number) - 1])})`,
  );
}

function valueOf(value: Query<unknown, Expression>['values'][number]): string {
  if (value instanceof Expression) return value.sql;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (value.length === 0) return `'{}'`;
  return `ARRAY[${value.map((one) => (typeof one === 'string' ? quoted(one) : one)).join(', ')}]`;
}

/** Quotes a string literal, without the blank that `literal` puts before an E. */
export const quoted = (value: string) => literal(value).trim();

/** Returns SQL for the role that Datafold will log in as: with its privileges if it exists, else with those of PUBLIC. */
export function readerFor(roleName: string): Reader {
  const columns = ['rolsuper', 'rolcreaterole', 'rolcreatedb', 'rolbypassrls'];
  const row = `(SELECT coalesce(r.oid, 0::oid) AS oid, w.rolname, ${columns.map((name) => `coalesce(r.${name}, false) AS ${name}`).join(', ')}
    FROM (SELECT ${quoted(roleName)}::name AS rolname) w LEFT JOIN pg_roles r ON r.rolname = w.rolname) reader`;
  return {
    row,
    argument: `${oidOf(roleName)}, `,
    roles: `(SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_roles UNION SELECT oid, rolname, rolsuper, rolbypassrls FROM ${row})`,
  };
}

/** Returns SQL for the oid of a role; 0, which stands for PUBLIC, if it does not exist. */
export function oidOf(roleName: string): string {
  return `coalesce((SELECT oid FROM pg_roles WHERE rolname = ${quoted(roleName)}), 0::oid)`;
}
