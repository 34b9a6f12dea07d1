import type { Coverage } from '../../../lineage/coverage';
import type { DatafoldComparison, KnownEdge, LogReport } from '../model';
import { OBSTACLES } from '../obstacle-words';
import { count, counted, percent, size } from './format';
import { html, prose, type Html } from './html';

const MAX_EDGES = 200;
const MAX_NAMES = 30;

const NOT_LOGGED = html`<p class="note">
  <code>log_statement=mod</code> logs neither <code>DO</code> and <code>CALL</code> nor queries. What they
  write in their blocks, procedures and functions is not in the log, and not in these counts.
</p>`;

/** What can't be followed and why, with the names that are left to search_path. */
export function obstaclesSection({ obstacles, edges }: Coverage): Html {
  const unqualified = [...new Set(edges.flatMap((edge) => edge.unqualified))].sort();
  if (obstacles.length === 0 && unqualified.length === 0)
    return html`<p class="empty">Every statement that may have lineage could be followed.</p>
      ${NOT_LOGGED}`;
  return html`${NOT_LOGGED}
    <div class="scroll" tabindex="0" role="region" aria-label="What cannot be followed">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Statements</th>
            <th scope="col">What, and what helps</th>
            <th scope="col">Names</th>
            <th scope="col">Roles</th>
          </tr>
        </thead>
        <tbody>
          ${obstacles.map(
            ({ obstacle, statements, names, roles }) =>
              html`<tr>
                <td class="number">${count(statements)}</td>
                <td class="message">
                  ${OBSTACLES[obstacle].what}
                  <div class="next">${prose(OBSTACLES[obstacle].next)}</div>
                </td>
                <td>${codes(names)}</td>
                <td class="message">${roles.join(', ')}</td>
              </tr> `,
          )}${
            unqualified.length > 0 &&
            html`<tr>
              <td class="number">
                ${count(edges.filter((edge) => edge.unqualified.length > 0).reduce((sum, edge) => sum + edge.statements, 0))}
              </td>
              <td class="message">
                tables without a schema in their name: <code>search_path</code> says which table is meant, and
                it is not in the log. These edges are drawn
                <div class="next">Write the schema in statements of ETL jobs.</div>
              </td>
              <td>${codes(unqualified)}</td>
              <td></td>
            </tr>`
          }
        </tbody>
      </table>
    </div>`;
}

/** What is missing in the log. */
export function gapsSection({ gaps, instances }: LogReport): Html {
  const silent = gaps.map(
    ({ what, next }) =>
      html`<li class="message">
        ${what}
        <div class="next">${prose(next)}</div>
      </li> `,
  );
  return html`${
      gaps.length === 0
        ? html`<p class="empty">No gap was found: no deleted log files, no silent instance.</p>`
        : html`<ul class="plain">
            ${silent}
          </ul>`
    }
    <p class="note">
      ${instances.map(({ instance, entries, bytes }) => `${instance}: ${counted(entries, 'entr').replace(/entrs?$/, entries === 1 ? 'entry' : 'entries')}, ${size(bytes)}`).join('; ')}
    </p>`;
}

/** Roles that write and carry no lineage. */
export function excludableSection({ excludable }: LogReport): Html {
  if (excludable.length === 0)
    return html`<p class="empty">
      Each role that writes has statements with lineage, or some that can't be followed.
    </p>`;
  const share = excludable.reduce((sum, one) => sum + one.share, 0);
  return html`<p>
      Statements of these roles carry no lineage in this time. <code>excludedRoles</code> keeps them out of
      the log, which saves about ${percent(share)} of the size of the statements.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Role</th>
          <th scope="col" class="number">Statements</th>
          <th scope="col" class="number">Size</th>
          <th scope="col" class="number">Share</th>
        </tr>
      </thead>
      <tbody>
        ${excludable.map(
          ({ role, statements, bytes, share }) =>
            html`<tr>
              <td class="message">${role}</td>
              <td class="number">${count(statements)}</td>
              <td class="number">${size(bytes)}</td>
              <td class="number">${percent(share)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="note">
      Check first that the role has no rare job, such as one at the end of a month, that this time does not
      include.
    </p>`;
}

/** The edges of the log and those that Datafold knows. */
export function datafoldSection({
  host,
  problem,
  arrived,
  missing,
  stale,
  unasked,
}: DatafoldComparison): Html {
  if (problem !== undefined)
    return html`<p class="message">There is no comparison with ${host}: ${problem}</p>`;
  return html`<p>
      ${counted(arrived.length, 'edge')} of the log arrived at ${host}, ${count(missing.length)} did not, and
      Datafold has ${count(stale.length)} more of the same
      targets.${unasked > 0 && ` ${counted(unasked, 'target')} more were not looked up.`}
    </p>
    ${edgeList('Missing in Datafold', 'Datafold reads the log on its schedule: wait for the next run, then look at the lineage step of its test.', missing)}
    ${edgeList('Only in Datafold', 'Not in the log of this time: rare, from before, from a view, or out of date.', stale)}
    ${edgeList('Arrived', '', arrived)}`;
}

function edgeList(title: string, note: string, edges: readonly KnownEdge[]): Html | undefined {
  if (edges.length === 0) return undefined;
  return html`<h4>${title}</h4>
    ${note && html`<p class="note">${note}</p>`}
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Target</th>
            <th scope="col">Database</th>
          </tr>
        </thead>
        <tbody>
          ${edges.slice(0, MAX_EDGES).map(
            ({ source, target, database }) =>
              html`<tr>
                <td><code>${source}</code></td>
                <td><code>${target}</code></td>
                <td>${database}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${edges.length > MAX_EDGES && html`<p class="note">The first ${MAX_EDGES} of ${count(edges.length)}.</p>`}`;
}

function codes(names: readonly string[]): Html {
  const shown = names.slice(0, MAX_NAMES).map((name, i) => html`${i > 0 && ', '}<code>${name}</code>`);
  return html`${shown}${names.length > MAX_NAMES && ` and ${count(names.length - MAX_NAMES)} more`}`;
}
