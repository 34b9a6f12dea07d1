/** Tables by schema and name, as LIKE takes them. */
export interface TablePattern {
  readonly schema: string;
  readonly table: string;
  /** False where it may stand for several tables. */
  readonly isExact: boolean;
}

const PART = String.raw`"(?:[^"]|"")+"|[^".]+`;
const PATTERN = new RegExp(`^(${PART})\\.(${PART})$`, 's');

/** Reads `schema.table`, in which `*` stands for any characters, and what is in double quotes for itself. */
export function parseTablePattern(text: string): TablePattern | undefined {
  const [, schema, table] = PATTERN.exec(text) ?? [];
  if (schema === undefined) return undefined;
  const isOpen = (part: string) => !part.startsWith('"') && part.includes('*');
  return { schema: like(schema), table: like(table), isExact: !isOpen(schema) && !isOpen(table) };
}

/** Why a text is no pattern for tables; `what` says where it was given. */
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
