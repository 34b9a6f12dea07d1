import type { QueryResultRow } from 'pg';

/** A query that returns rows of type `Row`, with the values of its parameters. */
export interface Query<Row, Variable = never> {
  readonly text: string;
  /** In a script, a variable may take the place of a value. A session runs only queries without variables. */
  readonly values: readonly (QueryValue | Variable)[];
  /** Never set: the type of the rows. */
  readonly row?: Row;
}

/** A parameter of a function that returns a query: a value, or a variable of a script. */
export type Parameter<T, Variable> = T | NoInfer<Variable>;

type QueryValue = string | number | boolean | null | readonly number[] | readonly string[];

/** The part of a connection that reads, and begins transactions. */
export interface Queries {
  readonly databaseName: string;
  rows<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  script<Row extends QueryResultRow>(text: string): Promise<Row[]>;
}
