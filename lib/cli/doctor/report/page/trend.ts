import type { HourCounts } from '../model';
import { count, size, time } from './format';
import { html, type Html } from './html';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [1040, 170, 62, 24];
const MAX_LABELS = 8;

/** The size of the log by hour, as bars and as a table. */
export function trendSection(hours: readonly HourCounts[]): Html {
  const most = Math.max(1, ...hours.map(({ bytes }) => bytes));
  const [inner, step] = [HEIGHT - BOTTOM - 10, (WIDTH - LEFT) / Math.max(1, hours.length)];
  const every = Math.ceil(hours.length / MAX_LABELS);
  const heightOf = (bytes: number) => round((bytes / most) * inner);
  const y = (bytes: number) => round(10 + inner - (bytes / most) * inner);
  return html`<svg
      class="trend"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="Size of the log by hour; the table below has the figures"
    >
      ${[0, 0.5, 1].map(
        (part) =>
          html`<line x1="${LEFT}" x2="${WIDTH}" y1="${y(most * part)}" y2="${y(most * part)}" /><text
              x="${LEFT - 8}"
              y="${y(most * part) + 4}"
              text-anchor="end"
              >${size(most * part)}</text
            >`,
      )}
      ${hours.map(({ hour, bytes, statements, carrying, isComplete }, i) => {
        const [x, width] = [round(LEFT + (i + 0.12) * step), round(step * 0.76)];
        const carried = statements > 0 ? (bytes * carrying) / statements : 0;
        const title = `${time(hour)}: ${size(bytes)}, ${count(statements)} statements, ${count(carrying)} with lineage${isComplete ? '' : ' (read in part)'}`;
        return html`<g class="${isComplete ? 'whole' : 'part'}"
            ><title>${title}</title
            ><rect class="all" x="${x}" y="${y(bytes)}" width="${width}" height="${heightOf(bytes)}" /><rect
              class="carry"
              x="${x}"
              y="${y(carried)}"
              width="${width}"
              height="${heightOf(carried)}"
          /></g>
          ${i % every === 0 && html`<text x="${x}" y="${HEIGHT - 6}">${labelOf(hour, hours.length)}</text>`}`;
      })}
    </svg>
    <p class="note">
      Bars are the size of all log entries. The part at the bottom is the share of statements with lineage.
      Pale bars are hours of which only the beginning was read.
    </p>
    <details>
      <summary>Figures by hour</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Figures by hour">
        <table>
          <thead>
            <tr>
              <th scope="col">Hour</th>
              <th scope="col" class="number">Size</th>
              <th scope="col" class="number">Statements</th>
              <th scope="col" class="number">With lineage</th>
              <th scope="col">Read</th>
            </tr>
          </thead>
          <tbody>
            ${hours.map(
              ({ hour, bytes, statements, carrying, isComplete }) =>
                html`<tr>
                  <td class="time">${time(hour)}</td>
                  <td class="number">${size(bytes)}</td>
                  <td class="number">${count(statements)}</td>
                  <td class="number">${count(carrying)}</td>
                  <td>${isComplete ? 'all' : 'in part'}</td>
                </tr> `,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
const labelOf = (hour: number, hours: number) =>
  hours > 48 ? time(hour).slice(5, 16) : time(hour).slice(11, 16);
