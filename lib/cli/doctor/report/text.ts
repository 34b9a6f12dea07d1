import { styles, type Terminal } from '../../terminal';
import { table } from '../../terminal/table';
import { visibleName } from '../../terminal/visible';
import type { LogReport } from './model';
import { OBSTACLES } from './obstacle-words';
import { count, counted, percent } from './page/format';
import { samplingText } from './page/page';

const MAX_EDGES = 20;

/** The report on a log group for the terminal: figures, edges, and what prevents more. */
export function logAsText(
  { logGroupName, coverage, sampling, gaps, excludable, datafold }: LogReport,
  terminal: Terminal,
): string {
  const { bold, yellow } = styles(terminal);
  const { statements, carrying, edges, obstacles } = coverage;
  const sections = [
    `${bold(logGroupName)}\n${samplingText(sampling)} ${counted(statements, 'statement')}, ${count(carrying)} with lineage.\n`,
  ];
  if (edges.length > 0) sections.push(edgesAsText(edges, terminal));
  if (obstacles.length > 0)
    sections.push(
      `What cannot be followed:\n${table(
        [{ minWidth: 7 }, {}],
        obstacles.map(({ obstacle, statements, names }) => [
          count(statements).padStart(7),
          `${OBSTACLES[obstacle].what}${names.length > 0 ? ` (${names.slice(0, 5).map(visibleName).join(', ')})` : ''}`,
        ]),
        terminal,
      )}`,
    );
  if (gaps.length > 0)
    sections.push(
      `Gaps:\n${table(
        [{}],
        gaps.map(({ what, next }) => [{ text: `${what} Next: ${next}`, style: yellow }]),
        terminal,
      )}`,
    );
  if (excludable.length > 0)
    sections.push(
      `Roles that write without lineage, for excludedRoles: ${excludable.map(({ role, share }) => `${visibleName(role)} (${percent(share)})`).join(', ')}.\n`,
    );
  if (datafold)
    sections.push(
      datafold.problem !== undefined
        ? `No comparison with ${datafold.host}: ${datafold.problem}\n`
        : `At ${datafold.host}: ${counted(datafold.arrived.length, 'edge')} arrived, ${count(datafold.missing.length)} missing, ${count(datafold.stale.length)} only there.\n`,
    );
  return sections.join('\n');
}

/** The most frequent edges as a table. */
export function edgesAsText(
  edges: LogReport['coverage']['edges'],
  terminal: Pick<Terminal, 'columns'>,
): string {
  const rows = edges
    .slice(0, MAX_EDGES)
    .map(({ source, target, kind, statements, roles }) => [
      `${visibleName(source)} ${kind === 'data' ? '──▶' : `─ ${kind} ─▶`} ${visibleName(target)}`,
      counted(statements, 'statement'),
      roles.map(visibleName).join(', '),
    ]);
  const more = edges.length > MAX_EDGES ? `and ${counted(edges.length - MAX_EDGES, 'edge')} more\n` : '';
  return `${table([{}, {}, {}], rows, terminal)}${more}`;
}
