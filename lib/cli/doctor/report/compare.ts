import type { LineageEdge } from '../../lineage/graph';
import { tableNamed, textOf, type TableName } from '../../lineage/table-name';
import { DatafoldLineage, LineageUnavailable, type DatafoldAccount } from './datafold-lineage';
import type { DatafoldComparison, KnownEdge } from './model';

/** A data source of the log group. */
export interface ComparedSource {
  readonly name: string;
  readonly databaseName: string;
}

/** How many tables are looked up; each is one request. */
const MAX_TARGETS = 200;

type Found = Record<'arrived' | 'missing' | 'stale', KnownEdge[]> & { unasked: number };

/**
 * Compares the edges of the log with those that Datafold knows, target by target.
 *
 * A name without schema is taken to be in the schema public, as without a changed `search_path`.
 */
export async function compareWithDatafold(
  account: DatafoldAccount,
  sources: readonly ComparedSource[],
  edges: readonly LineageEdge[],
  progress: (done: number, total: number) => void,
  lineage = new DatafoldLineage(account),
): Promise<DatafoldComparison> {
  const { host } = account;
  const found: Found = { arrived: [], missing: [], stale: [], unasked: 0 };
  try {
    for (const source of sources) {
      const own = edges.filter(({ kind, database }) => kind === 'data' && database === source.databaseName);
      await compareSource(lineage, source, own, found, progress);
    }
    return { host, ...found };
  } catch (error) {
    if (!(error instanceof LineageUnavailable)) throw error;
    return noComparison(host, error.message);
  }
}

/** Returns why there is no comparison. */
export function noComparison(host: string, problem: string): DatafoldComparison {
  return { host, arrived: [], missing: [], stale: [], unasked: 0, problem };
}

async function compareSource(
  lineage: DatafoldLineage,
  { name, databaseName: database }: ComparedSource,
  edges: readonly LineageEdge[],
  found: Found,
  progress: (done: number, total: number) => void,
): Promise<void> {
  if (edges.length === 0) return;
  const id = await lineage.findSource(name);
  if (id === undefined)
    throw new LineageUnavailable(
      `it has no data source ${name} that the owner of the API key may see. Register it, or use the key of an administrator.`,
    );
  const byTarget = sourcesByTarget(edges);
  const targets = [...byTarget].slice(0, MAX_TARGETS);
  found.unasked += byTarget.size - targets.length;
  let known = 0;
  for (const [index, [name, { target, sources }]] of targets.entries()) {
    progress(index, targets.length);
    const upstreams = await lineage.upstreamsOf(id, database, target);
    if (upstreams) known += 1;
    const there = new Set((upstreams ?? []).map((one) => textOf(inSchema(one))));
    for (const source of sources)
      found[there.has(source) ? 'arrived' : 'missing'].push({ database, source, target: name });
    for (const source of there)
      if (!sources.has(source)) found.stale.push({ database, source, target: name });
  }
  if (known === 0)
    throw new LineageUnavailable(
      `it knows none of the ${targets.length} tables of ${database} that were looked up, or this account has no API for lineage (both are HTTP 404). If Datafold shows lineage in its app, ask its support for the API "Explore".`,
    );
}

/** Returns the targets of the edges, each with its sources. */
function sourcesByTarget(
  edges: readonly LineageEdge[],
): Map<string, { readonly target: TableName; readonly sources: Set<string> }> {
  const byTarget = new Map<string, { target: TableName; sources: Set<string> }>();
  for (const edge of edges) {
    const target = inSchema(tableNamed(edge.target));
    const key = textOf(target);
    const entry = byTarget.get(key) ?? { target, sources: new Set<string>() };
    entry.sources.add(textOf(inSchema(tableNamed(edge.source))));
    byTarget.set(key, entry);
  }
  return byTarget;
}

const inSchema = (table: TableName): TableName => ({ schema: 'public', ...table });
