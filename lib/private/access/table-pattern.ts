/** A pattern for tables, with LIKE patterns for the schema and the name. */
export interface TablePattern {
  readonly schema: string;
  readonly table: string;
  /** False if the pattern may match several tables. */
  readonly isExact: boolean;
}

const PART = String.raw`"(?:[^"]|"")+"|[^".]+`;
const PATTERN = new RegExp(`^(${PART})\\.(${PART})$`, 's');

/** Parses `schema.table`, in which `*` matches any characters and a part in double quotes is literal. */
export function parseTablePattern(text: string): TablePattern | undefined {
  const [, schema, table] = PATTERN.exec(text) ?? [];
  if (schema === undefined) return undefined;
  const isOpen = (part: string) => !part.startsWith('"') && part.includes('*');
  return { schema: like(schema), table: like(table), isExact: !isOpen(schema) && !isOpen(table) };
}

/** Returns why a text is not a table pattern; `what` names the setting. */
export function tablePatternProblem(what: string, text: string): string | undefined {
  if (parseTablePattern(text)) return undefined;
  return `${what} must be schema.table, with * for any characters and double quotes around names that have a dot, got: ${text}`;
}

function like(part: string): string {
  const isQuoted = part.startsWith('"');
  const name = isQuoted ? part.slice(1, -1).replaceAll('""', '"') : part;
  const escaped = name.replace(/[\\%_]/g, '\\$&');
  return isQuoted ? escaped : escaped.replaceAll('*', '%');
}
