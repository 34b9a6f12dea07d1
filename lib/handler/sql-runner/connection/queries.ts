import type { QueryResultRow } from 'pg';

/** As much of a connection as reading, and beginning a transaction, takes. */
export interface Queries {
  readonly databaseName: string;
  rows<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  script<Row extends QueryResultRow>(text: string): Promise<Row[]>;
}
