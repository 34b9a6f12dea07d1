import type { ActingRights } from '../../handler/sql-runner/catalog/acting-rights';
import type { PossibleCreators } from '../../handler/sql-runner/catalog/creators';
import type { ReadProblem } from '../../handler/sql-runner/catalog/read-problems';
import type { SchemaFacts } from '../../handler/sql-runner/catalog/schemas';
import type { ServerFacts } from '../../handler/sql-runner/catalog/server';
import type { UnexpectedPrivilege } from '../../handler/sql-runner/catalog/unexpected-privileges';
import type { OverrideRow } from '../../handler/sql-runner/verify/log-overrides';
import type { StatementFacts, TableFacts, VolumeFacts } from '../plan/volume/facts';

/** The server and the administrator, and what a deployment would meet of its own names. */
export interface ServerRow extends ServerFacts {
  readonly version: string;
  readonly logStatement: string;
  readonly isStandby: boolean;
  readonly mayCreateSchemas: boolean;
  readonly roleExists: boolean;
  /** The comment on the role is one of this library. */
  readonly roleIsMarked: boolean;
  readonly tempSchemaOwner: string | null;
}

/** The name of a relation, and whether a deployment grants it. */
interface Named {
  readonly relationSchema: string;
  readonly relationName: string;
  readonly isSelected: boolean;
}

/** The rows of each part of an inspection. */
interface Rows {
  readonly server: ServerRow;
  readonly schemas: Omit<SchemaFacts, 'oid' | 'owner' | 'falseMarkOf'> & { readonly isSelected: boolean };
  readonly relations: {
    readonly schemaName: string;
    readonly ownerName: string;
    readonly relations: number;
    readonly missing: number;
  };
  readonly owners: Omit<ActingRights, 'oid'>;
  /** `isCovered`: a deployment sets a default privilege for the role. */
  readonly creators: PossibleCreators & { readonly isCovered: boolean };
  readonly problems: ReadProblem & Named;
  readonly views: Named & { readonly below: number; readonly view: number };
  readonly privileges: UnexpectedPrivilege;
  readonly databases: { readonly name: string; readonly byPublic: boolean; readonly byItself: boolean };
  readonly overrides: OverrideRow;
  readonly statements: StatementFacts;
  readonly statement_totals: Pick<VolumeFacts, 'hidden' | 'rest' | 'dropped' | 'seconds'>;
  readonly protocols: { readonly role: string; readonly isExtended: boolean };
  readonly tables: TableFacts;
  readonly activity: {
    readonly name: string;
    readonly rows: number;
    readonly transactions: number;
    readonly seconds: number;
  };
}

export type PartName = keyof Rows;

/** All parts. */
export const PARTS = [
  'server',
  'schemas',
  'relations',
  'owners',
  'creators',
  'problems',
  'views',
  'privileges',
  'databases',
  'overrides',
  'statements',
  'statement_totals',
  'protocols',
  'tables',
  'activity',
] as const satisfies readonly PartName[];

/** The parts about relations that fail or hide rows, and about what a role could do beyond reading. */
export const READING_PARTS = ['schemas', 'problems', 'views'] as const satisfies readonly PartName[];
export const PRIVILEGE_PARTS = [
  'privileges',
  'databases',
  'overrides',
] as const satisfies readonly PartName[];

/** The part of the rows that end each other part. */
export const ANSWERED = 'answered';

/** Databases that were not inspected, with the reason. */
export type OtherDatabases = readonly {
  readonly name: string;
  readonly reason: string;
  /** The user named it, and it failed. */
  readonly isNamed?: true;
}[];

/** What an inspection found in one database. */
export class DatabaseAnswers {
  /** The error of a part, by its name. */
  readonly errors = new Map<string, string>();
  private readonly rows = new Map<string, unknown[]>();
  private readonly answered = new Set<string>();

  constructor(readonly databaseName: string) {}

  add(part: string, row: unknown): void {
    if (part === ANSWERED) this.answered.add((row as { part: string }).part);
    else this.rows.set(part, [...this.of(part as PartName), row]);
  }

  /** Whether all rows of the parts are known: none means that there is none. */
  isAnswered(...parts: PartName[]): boolean {
    return parts.every((part) => this.answered.has(part) && !this.errors.has(part));
  }

  /** Returns a sentence for each of the parts that is not answered. */
  unanswered(parts: readonly PartName[]): string[] {
    return parts
      .filter((part) => !this.isAnswered(part))
      .map((part) => {
        const error = this.errors.get(part);
        return error === undefined
          ? `The output lacks the part ${part}: its query failed, or the output was cut.`
          : `The part ${part} of the inspection failed: ${error}`;
      });
  }

  of<P extends PartName>(part: P): Rows[P][] {
    return (this.rows.get(part) ?? []) as Rows[P][];
  }

  /** The one row about the server; undefined if the output does not have it. */
  get server(): ServerRow | undefined {
    return this.of('server')[0];
  }
}

/** Parses the rows of one database. */
export function addRow(answers: Map<string, DatabaseAnswers>, line: string): boolean {
  const found = parsed(line);
  if (!found) return false;
  const { part, database, row } = found;
  const one = answers.get(database) ?? new DatabaseAnswers(database);
  answers.set(database, one);
  one.add(part, row);
  return true;
}

/** Parses the output of the printed script, from any client: lines that are not of it are left out. */
export function parseOutput(output: string): DatabaseAnswers[] {
  const answers = new Map<string, DatabaseAnswers>();
  for (const line of output.split(/\r?\n/)) addRow(answers, line);
  return [...answers.values()];
}

interface Line {
  readonly part: string;
  readonly database: string;
  readonly row: unknown;
}

function parsed(line: string): Line | undefined {
  const start = line.indexOf('{');
  const end = line.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  const json = line.slice(start, end + 1);
  // In a CSV file, quotes are doubled.
  for (const candidate of [json, json.replaceAll('""', '"')]) {
    try {
      const { datafold, part, database, row } = JSON.parse(candidate) as Line & { datafold?: unknown };
      if (datafold === 1 && typeof part === 'string' && typeof database === 'string')
        return { part, database, row };
    } catch {
      // not JSON
    }
  }
  return undefined;
}
