import { graphlib, layout } from '@dagrejs/dagre';
import type { LineageEdge } from '../../../lineage/graph';

/** A point of a drawing, in pixels from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A table in the drawing. */
interface PlacedTable {
  readonly id: string;
  readonly database: string;
  readonly name: string;
  /** The name, shortened in the middle if it is long. */
  readonly label: string;
  /** The center. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An edge in the drawing, from the right side of its source to the left side of its target. */
export interface PlacedEdge {
  readonly edge: LineageEdge;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

/** A drawing of tables in layers from left to right. */
export interface Drawing {
  /** The upper left corner; negative where an edge leaves the layout. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly tables: readonly PlacedTable[];
  readonly edges: readonly PlacedEdge[];
}

const MAX_LABEL = 34;
/** The width of a character of the labels, which have a font of fixed width. */
const CHARACTER = 7.3;
const HEIGHT = 30;
const MARGIN = 12;

/** Places the tables of the edges in layers. */
export function draw(edges: readonly LineageEdge[]): Drawing {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 72, edgesep: 12, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Map<string, { id: string; database: string; name: string; label: string }>();
  const idOf = (database: string, name: string) => {
    const key = `${database}\0${name}`;
    let table = ids.get(key);
    if (!table) {
      const label = shorten(name);
      ids.set(key, (table = { id: `t${ids.size}`, database, name, label }));
      graph.setNode(table.id, { width: Math.round(label.length * CHARACTER) + 24, height: HEIGHT });
    }
    return table.id;
  };
  const pairs = edges.map((edge, i) => {
    const [from, to] = [idOf(edge.database, edge.source), idOf(edge.database, edge.target)];
    graph.setEdge(from, to, {}, `e${i}`);
    return { edge, from, to };
  });
  layout(graph);
  const placed = pairs.map((pair, i) => {
    const { points } = graph.edge(pair.from, pair.to, `e${i}`) as { points: Point[] };
    return { ...pair, points };
  });
  return {
    ...boundsOf(
      graph.graph() as Partial<Size>,
      placed.flatMap(({ points }) => points),
    ),
    tables: [...ids.values()].map((table) => ({ ...table, ...(graph.node(table.id) as Point & Size) })),
    edges: placed,
  };
}

/** The bounds of the layout, which edges may leave by some pixels. */
function boundsOf({ width = 0, height = 0 }: Partial<Size>, points: readonly Point[]) {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.floor(Math.min(0, ...xs)), Math.floor(Math.min(0, ...ys))];
  const [right, bottom] = [Math.max(width, ...xs), Math.max(height, ...ys)];
  return { left, top, width: Math.ceil(right - left), height: Math.ceil(bottom - top) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_LABEL) return name;
  const half = Math.floor((MAX_LABEL - 1) / 2);
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
}
