import { NOTHING, type Analysis, type Flow, type Prepared } from './analyze';
import { textOf, type TableName } from './table-name';

/** A pair of tables that a statement connects. */
export interface Edge {
  readonly source: TableName;
  readonly target: TableName;
}

/** What a statement does, with temporary tables and prepared statements of its session resolved. */
export interface Resolved {
  readonly edges: readonly Edge[];
  readonly obstacles: Analysis['obstacles'];
  /** True if the statement writes to a temporary table that a later one may read. */
  readonly intoTemporary: boolean;
}

interface TemporaryTable {
  readonly sources: Map<string, TableName>;
  /** How many statements wrote rows of other tables into it since it was last read. */
  unread: number;
}

/** Follows rows through the temporary tables and prepared statements of one session. */
export class Session {
  private readonly tables = new Map<string, TemporaryTable>();
  private readonly prepared = new Map<string, Prepared>();

  /** Resolves a statement; `prepare` is the analysis of the PREPARE statement in its log entry. */
  resolve(analysis: Analysis, prepare: Analysis = NOTHING): Resolved {
    for (const one of [...analysis.prepares, ...prepare.prepares]) this.prepared.set(one.name, one);
    for (const { name } of analysis.temporaryTables) this.table(name);
    const obstacles = [...analysis.obstacles];
    const parts = [analysis];
    for (const name of analysis.executes) {
      const known = this.prepared.get(name);
      if (known) parts.push(known.analysis);
      else obstacles.push({ obstacle: 'execute without prepare', name });
    }
    const edges: Edge[] = [];
    let intoTemporary = false;
    for (const flow of parts.flatMap(({ flows }) => flows)) {
      const sources = this.sourcesOf(flow);
      if (!sources) obstacles.push({ obstacle: 'execute without prepare', name: flow.prepared });
      else if (flow.temporary || this.isTemporary(flow.target)) {
        this.write(flow.target.name, sources);
        intoTemporary = true;
      } else edges.push(...sources.map((source) => ({ source, target: flow.target })));
    }
    return { edges, obstacles, intoTemporary };
  }

  /** The temporary tables into which rows went that no statement has read, with the count of their statements. */
  unread(): { readonly name: string; readonly statements: number }[] {
    return [...this.tables].flatMap(([name, { unread }]) =>
      unread > 0 ? [{ name, statements: unread }] : [],
    );
  }

  get isEmpty(): boolean {
    return this.tables.size === 0 && this.prepared.size === 0;
  }

  /** The sources of a flow, with temporary tables replaced by theirs. */
  private sourcesOf({ sources, prepared }: Flow): TableName[] | undefined {
    const named = prepared === undefined ? sources : this.prepared.get(prepared)?.sources;
    return named?.flatMap((source) => {
      if (!this.isTemporary(source)) return [source];
      const table = this.table(source.name);
      table.unread = 0;
      return [...table.sources.values()];
    });
  }

  private isTemporary({ schema, name }: TableName): boolean {
    return schema === undefined ? this.tables.has(name) : /^pg_temp/.test(schema);
  }

  private table(name: string): TemporaryTable {
    const known = this.tables.get(name);
    if (known) return known;
    const made = { sources: new Map<string, TableName>(), unread: 0 };
    this.tables.set(name, made);
    return made;
  }

  private write(name: string, sources: readonly TableName[]): void {
    const table = this.table(name);
    for (const source of sources) table.sources.set(textOf(source), source);
    if (sources.length > 0) table.unread += 1;
  }
}
