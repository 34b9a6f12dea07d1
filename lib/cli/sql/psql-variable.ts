import type { Query } from '../../handler/sql-runner/connection/queries';
import { literal } from '../../handler/sql-runner/identifiers';
import { texts } from './text';

/** A variable that the script reads with `\gset`, in place of a parameter of a query. */
export class PsqlVariable {
  constructor(
    /** The variable as psql replaces it: `:name`, or `:'name'` for a quoted literal. */
    readonly sql: string,
  ) {}
}

/** The oid of the role and of the schema for temporary tables. */
export const ROLE = new PsqlVariable(':role');
export const SCHEMA = new PsqlVariable(':schema');
/** The oids of the schemas to read, and the owners of their relations. */
export const SCHEMAS = new PsqlVariable(`:'schemas'`);
export const MAKERS = {
  schemas: new PsqlVariable(`:'maker_schemas'`),
  creators: new PsqlVariable(`:'maker_owners'`),
};

/** A query of the sql-runner with its values, and with psql variables in place of the other parameters. */
export function inPsql({ text, values }: Query<unknown, PsqlVariable>): string {
  return text
    .replace(/\$(\d+)/g, (_, n: string) => asSql(values[Number(n) - 1]))
    .replace(/^\s*\n/gm, '')
    .replace(/^ {4}/gm, '')
    .trim();
}

function asSql(value: Query<unknown, PsqlVariable>['values'][number]): string {
  if (value instanceof PsqlVariable) return value.sql;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return literal(value).trim();
  if (typeof value !== 'object') return String(value);
  const names = value.filter((one) => typeof one === 'string');
  return names.length > 0 ? texts(names) : `'{${value.join(',')}}'`;
}
