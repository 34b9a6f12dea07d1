import { mask } from '../../statement-log/mask';

/** Returns the words and symbols of a statement in lower case, without comments and constants; parameters are `$`. */
export function wordsOf(sql: string): string[] {
  const tokens = mask(sql).matchAll(/"(?:[^"]|"")*"|\$\d+|[\w$\u0080-\uffff]+|[^\s?]/g);
  return [...tokens].map(([token]) => (/^\$\d/.test(token) ? '$' : token));
}

/** Returns a statement on one line without comments, with `?` in place of constants. */
export function masked(sql: string): string {
  return mask(sql).replace(/^[? ]+/, ''); // a comment that the server replaced stands before the statement
}
