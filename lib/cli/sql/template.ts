import { ident, literal } from '../../handler/sql-runner/identifiers';
import type { Statement } from '../../handler/sql-runner/plan/statement';

/** Placeholders for names that the script reads from the catalog. */
export const PLACEHOLDER_1 = 'hole_1';
export const PLACEHOLDER_2 = 'hole_2';

/** A planned statement as a call of `format()` that replaces each placeholder by an SQL expression. */
export function formatted(
  [{ text }]: readonly Statement[],
  placeholders: Readonly<Record<string, string>>,
): string {
  let template = text.replaceAll('%', '%%');
  const order = Object.keys(placeholders)
    .filter((placeholder) => template.includes(ident(placeholder)))
    .sort((a, b) => template.indexOf(ident(a)) - template.indexOf(ident(b)));
  for (const placeholder of order) template = template.replace(ident(placeholder), '%I');
  return `format(${literal(template).trim()}, ${order.map((placeholder) => placeholders[placeholder]).join(', ')})`;
}
