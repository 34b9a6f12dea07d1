import type * as pg from 'libpg-query';
import { functionName, read, type Reading } from './sources';
import { isTemporary, tableName, textOf, type TableName } from './table-name';

/** Why the rows that a statement writes can't be followed to their sources by the log. */
export type Obstacle =
  | 'do block'
  | 'procedure'
  | 'function'
  | 'execute without prepare'
  | 'refresh without definition'
  | 'temporary table'
  | 'truncated'
  | 'failed'
  | 'not parsed'
  | 'too many';

/** A statement that puts rows of its sources into a target. */
export interface Flow {
  readonly target: TableName;
  readonly sources: readonly TableName[];
  /** True if the target is created as a temporary table. */
  readonly temporary?: boolean;
  /** The prepared statement whose result becomes the target. */
  readonly prepared?: string;
}

/** Says that a table goes on under another name, or as a part of another one: no data is written. */
export interface Succession {
  readonly kind: 'renamed' | 'attached';
  readonly from: TableName;
  readonly to: TableName;
}

/** A prepared statement. */
export interface Prepared {
  readonly name: string;
  readonly analysis: Analysis;
  /** What it reads if it is a query. */
  readonly sources: readonly TableName[];
}

/** What the statements of one text do, as far as the text says it. */
export interface Analysis {
  readonly flows: readonly Flow[];
  readonly successions: readonly Succession[];
  /** Temporary tables that are created without rows. */
  readonly temporaryTables: readonly TableName[];
  readonly refreshed: readonly TableName[];
  readonly prepares: readonly Prepared[];
  readonly executes: readonly string[];
  readonly obstacles: readonly { readonly obstacle: Obstacle; readonly name?: string }[];
}

export const NOTHING: Analysis = {
  flows: [],
  successions: [],
  temporaryTables: [],
  refreshed: [],
  prepares: [],
  executes: [],
  obstacles: [],
};

/** The statements that matter, as fields of a node. */
interface Statement {
  readonly InsertStmt?: pg.InsertStmt;
  readonly UpdateStmt?: pg.UpdateStmt;
  readonly DeleteStmt?: pg.DeleteStmt;
  readonly MergeStmt?: pg.MergeStmt;
  readonly SelectStmt?: pg.SelectStmt;
  readonly CreateTableAsStmt?: pg.CreateTableAsStmt;
  readonly ViewStmt?: pg.ViewStmt;
  readonly CreateStmt?: pg.CreateStmt;
  readonly RefreshMatViewStmt?: pg.RefreshMatViewStmt;
  readonly PrepareStmt?: pg.PrepareStmt;
  readonly ExecuteStmt?: pg.ExecuteStmt;
  readonly ExplainStmt?: pg.ExplainStmt;
  readonly CallStmt?: pg.CallStmt;
  readonly DoStmt?: pg.DoStmt;
  readonly RenameStmt?: pg.RenameStmt;
  readonly AlterObjectSchemaStmt?: pg.AlterObjectSchemaStmt;
  readonly AlterTableStmt?: pg.AlterTableStmt;
}

/** Analyzes the statements of one text. */
export function analyze(statements: readonly pg.Node[]): Analysis {
  const parts = statements.map((one) => analyzeOne(one as Statement));
  if (parts.length === 1) return parts[0];
  const all = <Key extends keyof Analysis>(key: Key) => parts.flatMap((part) => part[key] as never[]);
  return {
    flows: all('flows'),
    successions: all('successions'),
    temporaryTables: all('temporaryTables'),
    refreshed: all('refreshed'),
    prepares: all('prepares'),
    executes: all('executes'),
    obstacles: all('obstacles'),
  };
}

function analyzeOne(node: Statement): Analysis {
  const { InsertStmt, UpdateStmt, MergeStmt, DeleteStmt, SelectStmt, CreateTableAsStmt, ViewStmt } = node;
  const write = InsertStmt ?? UpdateStmt ?? MergeStmt;
  if (write) return flowInto(write.relation, read(write));
  if (DeleteStmt) return flowInto(undefined, read(DeleteStmt));
  if (SelectStmt) return analyzeSelect(SelectStmt);
  if (CreateTableAsStmt) {
    const { into, query } = CreateTableAsStmt;
    const { name } = (query as Statement).ExecuteStmt ?? {};
    if (name === undefined) return flowInto(into?.rel, read(query));
    const flow = { target: tableName(into!.rel!), sources: [], ...temporary(into!.rel!), prepared: name };
    return { ...NOTHING, flows: [flow] };
  }
  if (ViewStmt) return flowInto(ViewStmt.view, read(ViewStmt.query));
  return analyzeUtility(node);
}

function analyzeUtility(node: Statement): Analysis {
  const { CreateStmt, RefreshMatViewStmt, PrepareStmt, ExecuteStmt, ExplainStmt, CallStmt, DoStmt } = node;
  if (CreateStmt) {
    const isTemporary = CreateStmt.relation?.relpersistence === 't';
    return isTemporary ? { ...NOTHING, temporaryTables: [tableName(CreateStmt.relation!)] } : NOTHING;
  }
  if (RefreshMatViewStmt) return { ...NOTHING, refreshed: [tableName(RefreshMatViewStmt.relation!)] };
  if (PrepareStmt) {
    const { name = '', query } = PrepareStmt;
    const { sources } = read(query);
    return { ...NOTHING, prepares: [{ name, analysis: analyzeOne(query as Statement), sources }] };
  }
  if (ExecuteStmt) return { ...NOTHING, executes: [ExecuteStmt.name ?? ''] };
  if (ExplainStmt) return isRun(ExplainStmt) ? analyzeOne(ExplainStmt.query as Statement) : NOTHING;
  if (CallStmt) return hidden('procedure', functionName(CallStmt.funccall ?? {}));
  if (DoStmt) return hidden('do block');
  return { ...NOTHING, successions: successionsOf(node) };
}

function analyzeSelect(select: pg.SelectStmt): Analysis {
  const reading = read(select);
  if (select.intoClause) return flowInto(select.intoClause.rel, reading);
  const analysis = flowInto(undefined, reading);
  if (select.fromClause || analysis.flows.length > 0) return analysis;
  const call = (select.targetList ?? [])
    .map((one) => (one as { ResTarget?: { val?: { FuncCall?: pg.FuncCall } } }).ResTarget?.val?.FuncCall)
    .find((one) => one !== undefined);
  return call ? hidden('function', functionName(call)) : analysis;
}

/** The flow into a target, and those of data-modifying CTEs. Flows without a source are writes of an application. */
function flowInto(target: pg.RangeVar | undefined, { sources, functions, writes }: Reading): Analysis {
  const flows: Flow[] = writes.filter((one) => one.sources.length > 0);
  if (target && (sources.length > 0 || target.relpersistence === 't'))
    flows.push({ target: tableName(target), sources, ...temporary(target) });
  return {
    ...NOTHING,
    flows: flows.map((flow) => withoutItself(flow)),
    obstacles: target ? functions.map((name) => ({ obstacle: 'function' as const, name })) : [],
  };
}

/** A table that is also read by the statement that writes it is no source of its own. */
function withoutItself(flow: Flow): Flow {
  const own = textOf(flow.target);
  const others = flow.sources.filter((source) => textOf(source) !== own);
  return { ...flow, sources: others };
}

const temporary = (range: pg.RangeVar) =>
  (range.relpersistence === 't' || isTemporary(tableName(range))) && { temporary: true };

const hidden = (obstacle: Obstacle, name?: string): Analysis => ({
  ...NOTHING,
  obstacles: [{ obstacle, ...(name !== undefined && { name }) }],
});

/** True for EXPLAIN ANALYZE, which runs its statement. */
function isRun({ options = [] }: pg.ExplainStmt): boolean {
  return options.some((one) => (one as { DefElem?: pg.DefElem }).DefElem?.defname === 'analyze');
}

function successionsOf({ RenameStmt, AlterObjectSchemaStmt, AlterTableStmt }: Statement): Succession[] {
  if (RenameStmt?.relation && /^OBJECT_(TABLE|VIEW|MATVIEW)$/.test(RenameStmt.renameType ?? '')) {
    const from = tableName(RenameStmt.relation);
    return [{ kind: 'renamed', from, to: { ...from, name: RenameStmt.newname ?? '' } }];
  }
  if (AlterObjectSchemaStmt?.relation) {
    const from = tableName(AlterObjectSchemaStmt.relation);
    return [{ kind: 'renamed', from, to: { ...from, schema: AlterObjectSchemaStmt.newschema } }];
  }
  return (AlterTableStmt?.cmds ?? []).flatMap((one) => {
    const { AlterTableCmd: command } = one as { AlterTableCmd?: pg.AlterTableCmd };
    const { PartitionCmd: part } = (command?.def ?? {}) as { PartitionCmd?: pg.PartitionCmd };
    if (command?.subtype !== 'AT_AttachPartition' || !part?.name) return [];
    const to = tableName(AlterTableStmt!.relation!);
    return [{ kind: 'attached' as const, from: tableName(part.name), to }];
  });
}
