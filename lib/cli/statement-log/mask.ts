const [QUOTE, DOUBLE_QUOTE, DOLLAR, DASH, SLASH, STAR, BACKSLASH] = [...'\'"$-/*\\'].map((one) =>
  one.charCodeAt(0),
);
const isDigit = (code: number) => code >= 48 && code <= 57;
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
/** A character of an identifier. PostgreSQL takes each character beyond ASCII for a letter. */
const isWord = (code: number) => isLetter(code) || isDigit(code) || code === 95 || code > 127;

/**
 * Returns a statement without literals and comments, in lower case except for quoted identifiers.
 *
 * Each string, number and dollar-quoted text becomes `?`, each list of them one `?`, each run of blanks one blank. Statements
 * that differ only in their values become the same text, and no value is left in it. Names stay: two tables are two texts.
 */
export function mask(sql: string): string {
  const parts: string[] = [];
  let from = 0; // the start of what is copied next
  let at = 0;
  const replace = (end: number, by: string) => {
    if (from < at) parts.push(sql.slice(from, at).toLowerCase());
    parts.push(by);
    from = at = end;
  };
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (code === QUOTE) {
      const start = startOfLiteral(sql, at);
      const end = endOfString(sql, at, start < at && /e/i.test(sql[start]));
      at = start;
      replace(end, '?');
    } else if (code === DOUBLE_QUOTE) {
      const end = endOfQuoted(sql, at + 1, '"');
      replace(end, sql.slice(at, end));
    } else if (code === DOLLAR && !isWord(sql.charCodeAt(at - 1))) {
      const tag = dollarTag(sql, at);
      if (tag === undefined) at = endOfParameter(sql, at + 1);
      else {
        const end = sql.indexOf(tag, at + tag.length);
        replace(end < 0 ? sql.length : end + tag.length, '?');
      }
    } else if (code === DASH && sql.charCodeAt(at + 1) === DASH) {
      const end = sql.indexOf('\n', at);
      replace(end < 0 ? sql.length : end, ' ');
    } else if (code === SLASH && sql.charCodeAt(at + 1) === STAR) replace(endOfComment(sql, at), ' ');
    else if (isWord(code)) {
      let end = at + 1;
      while (end < sql.length && (isWord(sql.charCodeAt(end)) || sql.charCodeAt(end) === DOLLAR)) end += 1;
      if (!isDigit(code)) at = end;
      else replace(endOfNumber(sql, end), '?');
    } else at += 1;
  }
  replace(sql.length, '');
  return parts
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/\?(?: ?, ?[-+]?\?)+/g, '?')
    .replace(/\( ?\? ?\)(?: ?, ?\( ?\? ?\))+/g, '(?)')
    .trim();
}

/** The start of a literal with its prefix: E'…', U&'…', B'…', X'…', N'…'. */
function startOfLiteral(sql: string, quote: number): number {
  const start = sql[quote - 1] === '&' ? quote - 2 : quote - 1;
  const isPrefix = start >= 0 && /^(?:[ebxn]|u&)$/i.test(sql.slice(start, quote));
  return isPrefix && !isWord(sql.charCodeAt(start - 1)) ? start : quote;
}

function endOfString(sql: string, quote: number, hasEscapes: boolean): number {
  if (!hasEscapes) return endOfQuoted(sql, quote + 1, "'");
  for (let at = quote + 1; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) {
      if (sql.charCodeAt(at + 1) !== QUOTE) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

/** The position after the closing quote; two quotes in a row are part of the text. */
function endOfQuoted(sql: string, start: number, quote: string): number {
  for (let at = start; ; at += 2) {
    at = sql.indexOf(quote, at);
    if (at < 0) return sql.length;
    if (sql[at + 1] !== quote) return at + 1;
  }
}

/** The position after the digits of a parameter, `$1`. */
function endOfParameter(sql: string, digits: number): number {
  let at = digits;
  while (isDigit(sql.charCodeAt(at))) at += 1;
  return at;
}

/** The opening of a dollar-quoted text, `$$` or `$tag$`. */
function dollarTag(sql: string, start: number): string | undefined {
  let at = start + 1;
  if (isDigit(sql.charCodeAt(at))) return undefined;
  while (at < sql.length && isWord(sql.charCodeAt(at))) at += 1;
  return sql.charCodeAt(at) === DOLLAR ? sql.slice(start, at + 1) : undefined;
}

/** The position after a block comment; block comments nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 1;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start + 2;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

/** The position after a number with fraction and exponent, of which the first digits are read. */
function endOfNumber(sql: string, end: number): number {
  const rest = /(?:\.\d*(?:e[-+]?\d+)?|(?<=\de)[-+]\d+)?/iy;
  rest.lastIndex = end;
  return end + (rest.exec(sql)?.[0].length ?? 0);
}
