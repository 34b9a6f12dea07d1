import type { CommonTableExpr, FuncCall, RangeVar, WithClause } from 'libpg-query';
import { tableName, textOf, type TableName } from './table-name';

/** What a part of a statement reads, and what its data-modifying CTEs write. */
export interface Reading {
  readonly sources: readonly TableName[];
  /** Functions in a FROM clause, which may read any table. */
  readonly functions: readonly string[];
  /** The writes of data-modifying CTEs. */
  readonly writes: readonly CteWrite[];
}

/** A data-modifying statement in a CTE. */
interface CteWrite {
  readonly target: TableName;
  readonly sources: readonly TableName[];
}

type Fields = Readonly<Record<string, unknown>>;
type Scope = ReadonlySet<string>;

/** Set-returning functions of PostgreSQL, which read no table. */
const BUILT_IN =
  /^(generate_(series|subscripts)|unnest|jsonb?_(array_elements|array_elements_text|each|each_text|object_keys|populate_recordset|populate_record|to_record|to_recordset|table)|jsonb_path_query|regexp_(matches|split_to_table)|string_to_table|xmltable|ts_\w+|pg_\w+|current_\w+|now)$/;
/** Walks through a statement. Its target is a bare field, not a node of type RangeVar, and so no source. */
export function read(statement: unknown): Reading {
  const walk = new Walk();
  walk.into(statement, new Set());
  return {
    sources: unique(walk.sources, textOf),
    functions: unique(walk.functions, String),
    writes: walk.writes,
  };
}

class Walk {
  readonly sources: TableName[] = [];
  readonly functions: string[] = [];
  readonly writes: CteWrite[] = [];

  into(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) return value.forEach((one) => this.into(one, scope));
    if (typeof value !== 'object' || value === null) return;
    const fields = value as Fields;
    const inner = fields.withClause ? this.ctes(fields.withClause as WithClause, scope) : scope;
    for (const [key, part] of Object.entries(fields)) {
      if (key === 'withClause' || key === 'lockingClause') continue; // FOR UPDATE OF names aliases
      if (key === 'RangeVar') this.table(part as RangeVar, inner);
      else if (key === 'RangeFunction') this.rangeFunction(part as Fields, inner);
      else this.into(part, inner);
    }
  }

  private table(range: RangeVar, scope: Scope): void {
    if (range.schemaname === undefined && scope.has(range.relname ?? '')) return;
    this.sources.push(tableName(range));
  }

  /** Functions in FROM; their arguments may hold sub-selects. */
  private rangeFunction(range: Fields, scope: Scope): void {
    for (const call of callsIn(range.functions)) {
      const name = functionName(call);
      if (!BUILT_IN.test(name.replace(/^pg_catalog\./, ''))) this.functions.push(name);
      this.into(call.args, scope);
    }
  }

  /** Reads the queries of a WITH clause; returns the scope with their names. Each sees those before it, or all if recursive. */
  private ctes({ ctes = [], recursive }: WithClause, scope: Scope): Scope {
    const expressions = ctes.map((one) => (one as { CommonTableExpr: CommonTableExpr }).CommonTableExpr);
    const seen = new Set(scope);
    if (recursive) expressions.forEach(({ ctename }) => seen.add(ctename ?? ''));
    for (const { ctename = '', ctequery } of expressions) {
      this.cte(ctequery, new Set(seen));
      seen.add(ctename);
    }
    return seen;
  }

  private cte(query: unknown, scope: Scope): void {
    const [[kind, statement]] = Object.entries(query as Fields) as [[string, Fields]];
    if (!/^(Insert|Update|Delete|Merge)Stmt$/.test(kind)) return this.into(query, scope);
    const inner = new Walk();
    inner.into(statement, scope);
    const target = tableName(statement.relation as RangeVar);
    this.functions.push(...inner.functions);
    this.writes.push(...inner.writes);
    if (kind !== 'DeleteStmt') this.writes.push({ target, sources: inner.sources });
    // The rows that RETURNING gives to the rest of the statement are those of the target.
    if (statement.returningClause) this.sources.push(target);
  }
}

/** The calls in the functions of a FROM clause, which are lists of a call and its column definitions. */
function callsIn(functions: unknown): FuncCall[] {
  const found: FuncCall[] = [];
  const search = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(search);
    const { FuncCall: call, List: list } = (value ?? {}) as {
      FuncCall?: FuncCall;
      List?: { items?: unknown };
    };
    if (call) found.push(call);
    else if (list) search(list.items);
  };
  search(functions);
  return found;
}

/** The name of a called function, with its schema if it has one. */
export function functionName({ funcname = [] }: FuncCall): string {
  return funcname.map((part) => (part as { String?: { sval?: string } }).String?.sval ?? '').join('.');
}

function unique<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
