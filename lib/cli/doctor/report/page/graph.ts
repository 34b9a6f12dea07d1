import type { Coverage } from '../../../lineage/coverage';
import type { LineageEdge } from '../../../lineage/graph';
import { count, counted, time } from './format';
import { html, type Html } from './html';
import { draw, type PlacedEdge, type Point } from './layout';

/** How many edges are drawn; a graph with more can't be read. */
const MAX_DRAWN = 150;
/** A wider drawing is scrolled, since its text would get too small if it were scaled to the page. */
const MAX_SCALED_WIDTH = 1_700;
/** How many edges the table has. */
const MAX_LISTED = 2_000;

/** The edges as a drawing and as a table, with filters for both. */
export function graphSection({ edges, unlisted }: Coverage, id: string): Html {
  if (edges.length === 0)
    return html`<p class="empty">No statement of this time puts rows of a table into another one.</p>`;
  const drawn = edges.slice(0, MAX_DRAWN);
  const listed = edges.slice(0, MAX_LISTED);
  return html`<div class="lineage" data-lineage>
    ${filters(edges, id)}
    ${
      drawn.length < edges.length &&
      html`<p class="note">
        The drawing has the ${count(drawn.length)} most frequent of ${counted(edges.length, 'edge')}.
      </p>`
    }
    ${drawing(drawn, id)}
    <p class="legend" aria-hidden="true">
      <span class="key data"></span> rows went from left to right <span class="key renamed"></span> renamed or
      attached
    </p>
    ${
      listed.length < edges.length &&
      html`<p class="note">
        The table has the ${count(listed.length)} most frequent of ${counted(edges.length, 'edge')};
        <code>--json</code> prints all.
      </p>`
    }
    ${
      unlisted > 0 &&
      html`<p class="note">
        ${counted(unlisted, 'statement')} with further edges are counted and not listed.
      </p>`
    }
    ${table(listed)}
  </div>`;
}

function filters(edges: readonly LineageEdge[], id: string): Html {
  const unique = (values: readonly string[]) => [...new Set(values)].sort();
  const select = (label: string, name: string, values: readonly string[]) =>
    html`<label
      >${label}
      <select data-filter="${name}">
        <option value="">all</option>
        ${values.map((value) => html`<option>${value}</option>`)}
      </select></label
    >`;
  return html`<form class="filters" role="search" aria-label="Filter the edges">
    <label
      >Table
      <input
        type="search"
        data-filter="text"
        placeholder="part of a name"
        autocomplete="off"
        spellcheck="false"
    /></label>
    ${select('Role', 'role', unique(edges.flatMap(({ roles }) => roles)))}
    ${select('Database', 'database', unique(edges.map(({ database }) => database)))}
    <button type="reset">Show all</button>
    <output id="${id}-shown" aria-live="polite"></output>
  </form>`;
}

function drawing(edges: readonly LineageEdge[], id: string): Html {
  const { left, top, width, height, tables, edges: placed } = draw(edges);
  return html`<div class="drawing" tabindex="0" role="region" aria-label="Drawing of the lineage">
    <svg
      class="${width <= MAX_SCALED_WIDTH && 'fits'}"
      xmlns="http://www.w3.org/2000/svg"
      viewBox="${left} ${top} ${width} ${height}"
      width="${width}"
      height="${height}"
      role="img"
      aria-label="${counted(edges.length, 'edge')} between ${counted(tables.length, 'table')}; the table below lists them"
    >
      <defs>
        <marker
          id="${id}-arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0.5 L7.5 4 L0 7.5 z" class="head" />
        </marker>
      </defs>
      ${placed.map((one) => edgePath(one, id))}
      ${tables.map(
        ({ id: table, database, name, label, x, y, width, height }) =>
          html`<g class="table" data-table="${table}" data-name="${name}"
            ><title>${name}${database && ` in database ${database}`}</title
            ><rect
              x="${x - width / 2}"
              y="${y - height / 2}"
              width="${width}"
              height="${height}"
              rx="5"
            /><text x="${x}" y="${y}" dy="0.35em">${label}</text></g
          > `,
      )}
    </svg>
  </div>`;
}

function edgePath({ edge, from, to, points }: PlacedEdge, id: string): Html {
  const { source, target, kind, database, roles, statements, lastSeen } = edge;
  const what = kind === 'data' ? counted(statements, 'statement') : kind;
  const width = (1 + Math.min(3, Math.log10(statements))).toFixed(1);
  return html`<path
    class="edge ${kind}"
    d="${curve(points)}"
    stroke-width="${width}"
    marker-end="url(#${id}-arrow)"
    data-from="${from}"
    data-to="${to}"
    data-text="${source.toLowerCase()} ${target.toLowerCase()}"
    data-roles="${JSON.stringify(roles)}"
    data-database="${database}"
    ><title>${source} → ${target}: ${what}, last ${time(lastSeen)}</title></path
  > `;
}

/** A smooth line through the points of the layout. */
function curve(points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const middle = (a: Point, b: Point) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [first, ...rest] = points;
  const parts = rest.slice(0, -1).map((point, i) => `Q${at(point)} ${at(middle(point, rest[i + 1]))}`);
  return `M${at(first)} ${parts.join(' ')} L${at(rest[rest.length - 1])}`;
}

function table(edges: readonly LineageEdge[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the edges">
    <table class="edges">
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Target</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Statements</th>
          <th scope="col">Last seen</th>
          <th scope="col">Roles</th>
          <th scope="col">Database</th>
        </tr>
      </thead>
      <tbody>
        ${edges.map(
          ({ source, target, kind, statements, lastSeen, roles, database }) =>
            html`<tr
              data-text="${source.toLowerCase()} ${target.toLowerCase()}"
              data-roles="${JSON.stringify(roles)}"
              data-database="${database}"
            >
              <td><code>${source}</code></td>
              <td><code>${target}</code></td>
              <td>${kind === 'data' ? 'rows' : kind}</td>
              <td class="number">${count(statements)}</td>
              <td class="time">${time(lastSeen)}</td>
              <td>${roles.join(', ')}</td>
              <td>${database}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
