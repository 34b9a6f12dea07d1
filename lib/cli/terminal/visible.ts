import type { Terminal } from '.';

/** Control characters could take over a terminal; those that reverse the direction of text could disguise a name. */
const INVISIBLE = /[^\P{C}\n\t]/gu;
/** The same, and the codes of the styles, which stay. */
const INVISIBLE_OR_STYLE = /[^\P{Cc}\n\t]\[(?:1|2|22|31|32|33|39)m|[^\P{C}\n\t]/gu;

/** A text whose invisible characters, except for line breaks and tabs, are replaced. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '\ufffd');
}

/** A name whose invisible characters are replaced, line breaks too: a name could otherwise forge a line. */
export function visibleName(name: string): string {
  return visible(name).replace(/[\n\t]/g, '\ufffd');
}

/** A text for people whose invisible characters are replaced; styles stay where the terminal has colors. */
export function visibleText(text: string, { hasColors }: Pick<Terminal, 'hasColors'>): string {
  if (!hasColors) return visible(text);
  return text.replace(INVISIBLE_OR_STYLE, (found) =>
    found.length > 2 && found.startsWith('\u001b')
      ? found
      : `\ufffd${found.length > 2 ? found.slice(1) : ''}`,
  );
}

/** A value as JSON, whose invisible characters are escaped. Ends with a line break. */
export function jsonText(value: unknown): string {
  const escaped = (found: string) =>
    Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`);
  return `${JSON.stringify(value, undefined, 2).replace(INVISIBLE, (found) => escaped(found).join(''))}\n`;
}
