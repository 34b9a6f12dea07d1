import type { Source } from './answers';

/** One field of the form in Datafold's app that has to be changed by hand. */
export interface Difference {
  /** As the form calls it. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** The fields that Datafold shows, by their titles in its form. */
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

/** What a data source in Datafold says otherwise than the body that it would be made from now. */
export function differences(found: Source, desired: Omit<Source, 'id'>): Difference[] {
  const [is, should] = [found.options ?? {}, desired.options ?? {}];
  return [
    ...compare('Name', found.name, desired.name),
    ...compare('Type', found.type, desired.type),
    ...(sameSchema(found.temp_schema, desired.temp_schema, should.dbname)
      ? []
      : compare('Schema for temporary tables', found.temp_schema, desired.temp_schema)),
    // What Datafold does not show can't be compared.
    ...Object.entries(OPTIONS).flatMap(([key, title]) =>
      key in is ? compare(title, is[key], should[key]) : [],
    ),
  ];
}

function compare(field: string, is: unknown, should: unknown): Difference[] {
  const [from, to] = [textOf(is), textOf(should)];
  return from === to ? [] : [{ field, from, to }];
}

/** Datafold takes the schema alone and with its database. */
function sameSchema(is: unknown, should: unknown, database: unknown): boolean {
  return textOf(is) === `${textOf(database)}.${textOf(should)}`;
}

function textOf(value: unknown): string {
  return value === undefined || value === null || value === '' ? '(empty)' : String(value);
}
