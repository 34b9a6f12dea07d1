import type { Succession } from './analyze';
import type { Edge } from './session';
import { textOf, type TableName } from './table-name';

/** An edge between two tables of a database, with what the log says of it. */
export interface LineageEdge {
  readonly database: string;
  readonly source: string;
  readonly target: string;
  /** `data`: rows went from source to target. Otherwise the table goes on as the target, or as a part of it. */
  readonly kind: 'data' | Succession['kind'];
  readonly statements: number;
  /** In milliseconds since 1970. */
  readonly lastSeen: number;
  readonly roles: readonly string[];
  /** The names that the statements leave to `search_path`. */
  readonly unqualified: readonly string[];
}

/** How many edges are kept; jobs that make tables with new names each time could fill the memory. */
const MAX_EDGES = 20_000;

interface Seen {
  readonly edge: Omit<LineageEdge, 'statements' | 'lastSeen' | 'roles'>;
  statements: number;
  lastSeen: number;
  readonly roles: Set<string>;
}

/** Adds up the edges of all statements. */
export class LineageGraph {
  /** Statements whose edge is not kept, since there are too many others. */
  unlisted = 0;
  private readonly seen = new Map<string, Seen>();
  private readonly targets = new Map<string, Seen[]>();

  add(
    { source, target }: Edge,
    kind: LineageEdge['kind'],
    at: { readonly at: number; readonly database?: string; readonly role?: string },
  ): void {
    const [from, to, database] = [textOf(source), textOf(target), at.database ?? ''];
    const key = [database, from, to, kind].join('\0');
    let seen = this.seen.get(key);
    if (!seen && this.seen.size >= MAX_EDGES) {
      this.unlisted += 1;
      return;
    }
    if (!seen) {
      const unqualified = [source, target].filter(({ schema }) => schema === undefined).map(textOf);
      const edge = { database, source: from, target: to, kind, unqualified };
      seen = { edge, statements: 0, lastSeen: 0, roles: new Set() };
      this.seen.set(key, seen);
      const place = `${database}\0${to}`;
      this.targets.set(place, [...(this.targets.get(place) ?? []), seen]);
    }
    note(seen, at);
  }

  /** Counts a refresh of a materialized view; false if its definition is not in the log. */
  refresh(
    view: TableName,
    at: { readonly at: number; readonly database?: string; readonly role?: string },
  ): boolean {
    const edges = this.targets.get(`${at.database ?? ''}\0${textOf(view)}`) ?? [];
    edges.forEach((seen) => note(seen, at));
    return edges.length > 0;
  }

  /** The edges, the most frequent first. */
  edges(): LineageEdge[] {
    return [...this.seen.values()]
      .map(({ edge, statements, lastSeen, roles }) => ({
        ...edge,
        statements,
        lastSeen,
        roles: [...roles].sort(),
      }))
      .sort((a, b) => b.statements - a.statements || order(a.target, b.target) || order(a.source, b.source));
  }
}

function note(seen: Seen, { at, role }: { readonly at: number; readonly role?: string }): void {
  seen.statements += 1;
  seen.lastSeen = Math.max(seen.lastSeen, at);
  if (role !== undefined) seen.roles.add(role);
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
