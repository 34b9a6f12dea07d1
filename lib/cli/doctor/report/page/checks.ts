import type { Check } from '../../check';
import { html, prose, type Html } from './html';

const WORDS = { ok: 'ok', warning: 'Warning', failed: 'Failed' };
const ORDER = ['failed', 'warning', 'ok'];

/** The checks with cause and next step; what failed comes first. */
export function checksSection(checks: readonly Check[]): Html {
  const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return html`<section class="card long" aria-labelledby="checks">
    <table>
      <caption hidden>
        Checks of the deployment
      </caption>
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col">Subject</th>
          <th scope="col">Check</th>
          <th scope="col">Finding and next step</th>
        </tr>
      </thead>
      <tbody>
        ${sorted.map(
          ({ status, subject, check, message, next }) =>
            html`<tr>
              <td class="status ${status}">${WORDS[status]}</td>
              <td class="subject">${subject}</td>
              <td><code>${check}</code></td>
              <td class="message">
                ${message}${next !== undefined && html`<div class="next">${prose(next)}</div>`}
              </td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section>`;
}
