/** What a statement is for the statement log. */
export interface LoggedKind {
  /** The command, such as `INSERT` or `CREATE TABLE AS`. */
  readonly command: string;
  /** True if data moves from one relation to another, so that lineage can be derived. */
  readonly hasLineage: boolean;
}

const DATA_CHANGES = ['insert', 'update', 'delete', 'merge'];

/** Commands that `log_statement = mod` logs whatever follows (PostgreSQL source, GetCommandLogLevel). */
const ALWAYS = [
  'alter',
  'cluster',
  'comment',
  'drop',
  'grant',
  'import',
  'reassign',
  'refresh',
  'revoke',
  'security',
  'truncate',
];

/**
 * Returns the kind of a statement that `log_statement = mod` logs; undefined for one that it does not log.
 *
 * A statement that begins with WITH has the kind of its main statement: a change inside the WITH clause of a SELECT is not logged.
 */
export function loggedKind(words: readonly string[]): LoggedKind | undefined {
  const [first = '', ...rest] = words;
  if (first === 'with') return loggedKind(mainStatement(words));
  if (first === '(') return undefined; // a SELECT in parentheses
  if (DATA_CHANGES.includes(first))
    return { command: first.toUpperCase(), hasLineage: movesData(first, words) };
  if (first === 'select') {
    const isInto = atTopLevel(words).some((word) => word === 'into');
    return isInto ? { command: 'SELECT INTO', hasLineage: words.includes('from') } : undefined;
  }
  if (first === 'create') return created(words);
  if (first === 'copy') return copied(words);
  if (first === 'prepare') return inner(rest.slice(rest.indexOf('as') + 1), 'PREPARE');
  if (first === 'explain') return explained(rest);
  return ALWAYS.includes(first) ? { command: first.toUpperCase(), hasLineage: false } : undefined;
}

/** Returns the words outside of parentheses. */
function atTopLevel(words: readonly string[]): string[] {
  let depth = 0;
  return words.filter((word) => {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    return depth === 0;
  });
}

/** Returns the statement after a WITH clause. */
function mainStatement(words: readonly string[]): string[] {
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (depth === 0 && (word === 'select' || DATA_CHANGES.includes(word))) return words.slice(index);
  }
  return [];
}

function movesData(command: string, words: readonly string[]): boolean {
  if (command === 'merge') return true;
  if (command === 'delete') return false;
  if (command === 'insert') return words.includes('select') && words.includes('from');
  return words.includes('from') || words.includes('select');
}

function created(words: readonly string[]): LoggedKind {
  const top = atTopLevel(words.slice(1, 60));
  const object = top.find((word) => ['table', 'view', 'function', 'procedure', 'index'].includes(word));
  const isQuery = words.includes('select') && words.includes('from');
  if (object === 'view')
    return {
      command: top.includes('materialized') ? 'CREATE MATERIALIZED VIEW' : 'CREATE VIEW',
      hasLineage: isQuery,
    };
  if (object === 'table' && top.includes('as')) return { command: 'CREATE TABLE AS', hasLineage: isQuery };
  return { command: `CREATE ${(object ?? top[0] ?? '').toUpperCase()}`.trim(), hasLineage: false };
}

/** COPY … TO changes nothing and is not logged. */
function copied(words: readonly string[]): LoggedKind | undefined {
  const direction = atTopLevel(words).find((word) => word === 'from' || word === 'to');
  return direction === 'from' ? { command: 'COPY', hasLineage: false } : undefined;
}

/** EXPLAIN is logged as the statement that it explains, with ANALYZE only. */
function explained(words: readonly string[]): LoggedKind | undefined {
  const start = words.findIndex(
    (word) => word === 'with' || word === 'select' || word === 'create' || DATA_CHANGES.includes(word),
  );
  if (start < 0 || !words.slice(0, start).includes('analyze')) return undefined;
  return inner(words.slice(start), 'EXPLAIN');
}

function inner(words: readonly string[], command: string): LoggedKind | undefined {
  const kind = loggedKind(words);
  return kind && { ...kind, command: `${command} ${kind.command}` };
}
