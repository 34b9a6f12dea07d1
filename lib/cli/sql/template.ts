import { ident, literal } from '../../handler/sql-runner/identifiers';
import type { Statement } from '../../handler/sql-runner/plan/statement';

/** Names that stand for those that the script finds out. */
export const HOLE_1 = 'hole_1';
export const HOLE_2 = 'hole_2';

/** A statement of the sql-runner's plan as a call of `format` that fills its holes, each with an expression. */
export function formatted([{ text }]: readonly Statement[], holes: Readonly<Record<string, string>>): string {
  let template = text.replaceAll('%', '%%');
  const order = Object.keys(holes)
    .filter((hole) => template.includes(ident(hole)))
    .sort((a, b) => template.indexOf(ident(a)) - template.indexOf(ident(b)));
  for (const hole of order) template = template.replace(ident(hole), '%I');
  return `format(${literal(template).trim()}, ${order.map((hole) => holes[hole]).join(', ')})`;
}
