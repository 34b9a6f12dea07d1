import { createHash } from 'node:crypto';
import type { LogReport, Report, Sampling } from '../model';
import { checksSection } from './checks';
import { countsSection } from './counts';
import { datafoldSection, excludableSection, gapsSection, obstaclesSection } from './findings';
import { count, counted, percent, size, time } from './format';
import { graphSection } from './graph';
import { Html, html } from './html';
import { SCRIPT } from './script';
import { STYLE } from './style';
import { trendSection } from './trend';

/** The first line of each report, by which a file is known as one. */
export const MARKER = '<!doctype html><!-- report of cdk-datafold-postgres -->';

const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);

/**
 * Draws the report as one page that loads nothing.
 *
 * Its content security policy allows only its own style and script, by their hashes, and no request.
 */
export function asPage(report: Report): string {
  const { subject, version, generatedAt, checks, logs } = report;
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Datafold report: ${subject}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <h1>What Datafold can see of ${subject}</h1>
          <p class="sub">
            ${failed === 0 ? 'No check failed' : counted(failed, 'check') + ' failed'}. ${time(generatedAt)},
            cdk-datafold-postgres ${version}
          </p>
          <nav aria-label="Sections">
            <ul>
              <li><a href="#checks">Checks</a></li>
              ${logs.map(({ logGroupName }, i) => html`<li><a href="#log${i}">${logGroupName}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          <h2 id="checks">Checks</h2>
          ${checksSection(checks)} ${logs.map(logSection)}
        </main>
        <footer>
          <p>
            This page has names of tables, roles and databases, and counts. It has no text of a statement, no
            value and no secret. It makes no request. “With lineage” means that a statement puts rows of a
            table into another one; what Datafold derives from it is up to Datafold.
          </p>
        </footer>
        ${SCRIPT_ELEMENT}
      </body>
    </html>
  `;
  return `${MARKER}${page.text}`;
}

function logSection(log: LogReport, index: number): Html {
  const { logGroupName, from, to, sampling, coverage, datafold } = log;
  const id = `log${index}`;
  return html` <h2 id="${id}">${logGroupName}</h2>
    <p class="sub">${time(from)} to ${time(to)}. ${samplingText(sampling)}</p>
    ${figures(log)}
    <section class="card">
      <h3>Trend</h3>
      ${trendSection(log.hours)}
    </section>
    <section class="card long">
      <h3>Lineage</h3>
      ${graphSection(coverage, id)}
    </section>
    <section class="card long">
      <h3>What cannot be followed</h3>
      ${obstaclesSection(coverage)}
    </section>
    <div class="columns">
      <section class="card">
        <h3>Gaps in the log</h3>
        ${gapsSection(log)}
      </section>
      <section class="card">
        <h3>Roles that could be excluded</h3>
        ${excludableSection(log)}
      </section>
    </div>
    ${
      datafold &&
      html`<section class="card long">
        <h3>What Datafold knows</h3>
        ${datafoldSection(datafold)}
      </section>`
    }
    <div class="columns">
      ${countsSection('By kind', 'Kind', coverage.kinds)} ${countsSection('By role', 'Role', coverage.roles)}
      ${countsSection('By database', 'Database', coverage.databases)}
    </div>`;
}

function figures({ coverage, sampling }: LogReport): Html {
  const { statements, carrying, edges, parsedShapes, bytes, parameterBytes, statementBytes } = coverage;
  const figure = (name: string, value: string, note: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}<small>${note}</small></dd>
    </div> `;
  const tables = new Set(
    edges.flatMap(({ database, source, target }) => [`${database} ${source}`, `${database} ${target}`]),
  );
  const isWhole = sampling.completeParts === sampling.parts;
  return html`<dl class="figures">
    ${figure('Log', size(bytes), isWhole ? `${size(statementBytes)} of it statements` : `read, of about ${size(sampling.estimatedBytes)}`)}
    ${figure('Statements', count(statements), `${size(parameterBytes)} are bind values`)}
    ${figure('With lineage', count(carrying), `${percent(carrying / statements)} of the statements`)}
    ${figure('Edges', count(edges.length), `between ${counted(tables.size, 'table')}`)}
    ${figure('Shapes', count(parsedShapes), 'different statements parsed')}
  </dl>`;
}

/** Says how much of the log was read. */
export function samplingText({
  parts,
  completeParts,
  unreadParts,
  bytesRead,
  maxBytes,
  estimatedBytes,
}: Sampling): string {
  if (completeParts === parts) return `All of the log was read: ${size(bytesRead)}.`;
  const from =
    unreadParts === 0
      ? 'from each hour its beginning'
      : `from ${count(parts - unreadParts)} of ${counted(parts, 'hour')} the beginning, and nothing from the other ${count(unreadParts)} (choose a larger --max-mb or fewer --hours)`;
  return `This is a sample: ${size(bytesRead)} of about ${size(estimatedBytes)} were read (at most ${size(maxBytes)}), ${from}; ${count(completeParts)} of ${counted(parts, 'hour')} were read to the end. Counts are those of the sample; rare edges may be missing.`;
}

const hashOf = (text: string) => new Html(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
