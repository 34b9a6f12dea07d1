/** How clients send statements: as text with the values in it, or with the values as parameters. */
export type Protocol = 'simple' | 'extended';

/** A row of pg_stat_statements, of a statement that the log may get. */
export interface StatementFacts {
  readonly role: string;
  readonly database: string;
  /** The first part of the text, without constants. */
  readonly text: string;
  /** The length of the whole text. */
  readonly octets: number;
  readonly newlines: number;
  /** The number of `$1`, `$2` and so on in the whole text. */
  readonly parameters: number;
  readonly calls: number;
  readonly rows: number;
}

/** The average length of a value in a row of a table, as text. */
export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly valueBytes: number;
}

/** What a database knows of the statements that were run. */
export interface VolumeFacts {
  readonly statements: readonly StatementFacts[];
  /** The statements beyond the listed ones. */
  readonly rest: { readonly calls: number; readonly octets: number };
  /** Since when they are counted. */
  readonly seconds: number;
  /** How often rare statements were dropped from the view: the rest is counted too low. */
  readonly dropped: number;
  /** Statements of other roles whose text the user may not read. */
  readonly hidden: number;
  /** How the clients of a role send statements, where their open sessions show it. */
  readonly protocols: Readonly<Record<string, Protocol>>;
  /** False where the texts lack the comments before the statements, which are logged (PostgreSQL 18). */
  readonly hasLeadingComments: boolean;
  readonly tables: readonly TableFacts[];
}
