import type { Source } from './answers';

/** A field of Datafold's form that must be changed by hand. */
export interface Difference {
  /** The title of the field in the form. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** The fields that Datafold returns, with their titles in its form. */
const OPTIONS: Readonly<Record<string, string>> = {
  host: 'Host',
  port: 'Port',
  user: 'User',
  dbname: 'Database Name',
  sslmode: 'SSL Mode',
  aws_access_key_id: 'AWS Access Key',
  aws_region: 'AWS Region',
  aws_cloudwatch_log_group: 'Cloudwatch Postgres Log Group',
};

/** Returns the fields in which a data source in Datafold differs from the desired one. */
export function differences(found: Source, desired: Omit<Source, 'id'>): Difference[] {
  const [current, target] = [found.options ?? {}, desired.options ?? {}];
  return [
    ...compare('Name', found.name, desired.name),
    ...compare('Type', found.type, desired.type),
    ...(sameSchema(found.temp_schema, desired.temp_schema, target.dbname)
      ? []
      : compare('Schema for temporary tables', found.temp_schema, desired.temp_schema)),
    // Datafold does not return all fields.
    ...Object.entries(OPTIONS).flatMap(([key, title]) =>
      key in current ? compare(title, current[key], target[key]) : [],
    ),
  ];
}

function compare(field: string, current: unknown, target: unknown): Difference[] {
  const [from, to] = [textOf(current), textOf(target)];
  return from === to ? [] : [{ field, from, to }];
}

/** Datafold accepts the schema with and without its database. */
function sameSchema(current: unknown, target: unknown, database: unknown): boolean {
  return textOf(current) === `${textOf(database)}.${textOf(target)}`;
}

function textOf(value: unknown): string {
  return value === undefined || value === null || value === '' ? '(empty)' : String(value);
}
