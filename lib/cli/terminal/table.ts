import stringWidth from 'string-width';
import type { Style, Terminal } from '.';
import { visible } from './visible';
import { wrap } from './wrap';

/** A cell: its text, or a text with a style that is applied after the layout. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** A column of a table. */
export interface Column {
  /** The heading; without headings in any column there is no line of them. */
  readonly header?: string;
  /** The width that the column has at least, and keeps on a narrow terminal. */
  readonly minWidth?: number;
}

const GAP = '  ';
/** A column narrower than this is hard to read: then each row is printed as lines of `header: value`. */
const MIN_READABLE = 8;

/** Draws rows in columns that fit the width of the terminal: long cells are wrapped. Ends with a line break. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: width }: Pick<Terminal, 'columns'>,
  headerStyle: Style = (text) => text,
): string {
  const headers = columns.map(({ header = '' }) => header);
  const hasHeaders = headers.some((header) => header !== '');
  const all = [...(hasHeaders ? [headers] : []), ...rows.map((row) => row.map(textOf))];
  const natural = columns.map(({ minWidth = 0 }, i) =>
    Math.max(minWidth, ...all.map((row) => stringWidth(row[i] ?? ''))),
  );
  const widths = fit(
    natural,
    columns.map(({ minWidth }, i) => Math.min(natural[i], Math.max(minWidth ?? 0, MIN_READABLE))),
    width,
  );
  if (!widths) return records(headers, rows, width);
  const heading = headers.map((text) => ({ text, style: headerStyle }));
  return [...(hasHeaders ? [heading] : []), ...rows].flatMap((row) => linesOf(row, widths)).join('');
}

/** Narrows the widest columns until the table fits; undefined if a column would get narrower than it may. */
function fit(natural: readonly number[], minimal: readonly number[], width: number): number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  for (; excess > 0; excess--) {
    const able = widths.filter((one, i) => one > minimal[i]);
    if (able.length === 0) return undefined;
    const widest = Math.max(...able);
    widths[widths.findIndex((one, i) => one === widest && one > minimal[i])]--;
  }
  return widths;
}

function linesOf(row: readonly Cell[], widths: readonly number[]): string[] {
  const wrapped = widths.map((width, i) => wrap(textOf(row[i] ?? ''), width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const texts = wrapped.map((lines) => lines[line] ?? '');
    const last = texts.map((text) => text !== '').lastIndexOf(true);
    const cells = texts.slice(0, last + 1).map((text, i) => {
      const padding = i === last ? '' : ' '.repeat(Math.max(0, widths[i] - stringWidth(text)));
      return `${styleOf(row[i])(text)}${padding}`;
    });
    return `${cells.join(GAP)}\n`;
  });
}

/** Each row as lines of `header: value`, with an empty line between rows. */
function records(headers: readonly string[], rows: readonly (readonly Cell[])[], width: number): string {
  return rows
    .map((row) =>
      row
        .flatMap((cell, i) => {
          const text = textOf(cell);
          if (text === '') return [];
          const [first, ...rest] = wrap(headers[i] === '' ? text : `${headers[i]}: ${text}`, width);
          return [first, ...rest].map((line) => `${headers[i] === '' ? styleOf(cell)(line) : line}\n`);
        })
        .join(''),
    )
    .join('\n');
}

const textOf = (cell: Cell) => visible(typeof cell === 'string' ? cell : cell.text);
const styleOf = (cell: Cell | undefined): Style =>
  cell === undefined || typeof cell === 'string' ? (text) => text : cell.style;
