import type { QueryResultRow } from 'pg';

/** The part of a connection that reads, and begins transactions. */
export interface Queries {
  readonly databaseName: string;
  rows<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  script<Row extends QueryResultRow>(text: string): Promise<Row[]>;
}
