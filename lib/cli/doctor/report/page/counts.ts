import type { NamedCounts } from '../../../lineage/tally';
import { count, size } from './format';
import { html, type Html } from './html';

const MAX_ROWS = 50;

/** A table of counts by role, database or kind, with a bar for the size. */
export function countsSection(title: string, heading: string, rows: readonly NamedCounts[]): Html {
  const most = Math.max(1, ...rows.map(({ bytes }) => bytes));
  return html`<section class="card">
    <h3>${title}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">
      <table>
        <thead>
          <tr>
            <th scope="col">${heading}</th>
            <th scope="col" class="number">Statements</th>
            <th scope="col" class="number">With lineage</th>
            <th scope="col" class="number">Size</th>
            <th scope="col"><span aria-hidden="true"></span></th>
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, MAX_ROWS).map(
            ({ name, statements, carrying, bytes }) =>
              html`<tr>
                <td class="message">${name}</td>
                <td class="number">${count(statements)}</td>
                <td class="number">${count(carrying)}</td>
                <td class="number">${size(bytes)}</td>
                <td>${bar(bytes / most, carrying / statements)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length > MAX_ROWS && html`<p class="note">The first ${MAX_ROWS} of ${count(rows.length)}.</p>`}
  </section>`;
}

function bar(share: number, carrying: number): Html {
  const width = Math.max(1, share * 100);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width="${width.toFixed(1)}" height="8" />
    <rect class="carry" width="${(width * carrying).toFixed(1)}" height="8" />
  </svg>`;
}
