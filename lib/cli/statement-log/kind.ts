/** The kind of a statement, for counts. */
export type StatementKind =
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'MERGE'
  | 'COPY'
  | 'TRUNCATE'
  | 'CREATE TABLE AS'
  | 'SELECT INTO'
  | 'CREATE VIEW'
  | 'CREATE MATERIALIZED VIEW'
  | 'REFRESH MATERIALIZED VIEW'
  | 'CREATE TABLE'
  | 'ALTER TABLE'
  | 'PREPARE'
  | 'EXECUTE'
  | 'CALL'
  | 'DO'
  | 'SELECT'
  | 'other definition'
  | 'other';

/** Patterns for a statement without leading WITH or EXPLAIN; the first match decides. */
const KINDS: readonly (readonly [RegExp, StatementKind])[] = [
  [/^insert\b/, 'INSERT'],
  [/^update\b/, 'UPDATE'],
  [/^delete\b/, 'DELETE'],
  [/^merge\b/, 'MERGE'],
  [/^copy\b/, 'COPY'],
  [/^truncate\b/, 'TRUNCATE'],
  [/^create (?:or replace )?(?:temp(?:orary)? )?(?:recursive )?view\b/, 'CREATE VIEW'],
  [/^create materialized view\b/, 'CREATE MATERIALIZED VIEW'],
  [/^refresh materialized view\b/, 'REFRESH MATERIALIZED VIEW'],
  [/^(?:alter table|alter foreign table)\b/, 'ALTER TABLE'],
  [/^prepare (?!transaction\b)/, 'PREPARE'],
  [/^execute\b/, 'EXECUTE'],
  [/^call\b/, 'CALL'],
  [/^do\b/, 'DO'],
  [/^(?:create|alter|drop|grant|revoke|comment|reassign|security|import)\b/, 'other definition'],
];
const CREATE_TABLE = /^create (?:(?:global|local) )?(?:temp(?:orary)? |unlogged )?table\b/;
/** What begins or ends a transaction or sets a parameter says little of a text with several statements. */
const FRAME = /^(?:begin|start|commit|end|rollback|savepoint|release|set|reset|discard)\b/;

/**
 * Returns the kind of a masked statement (see `mask`). If a text has several statements, the first one that does more than to
 * begin a transaction or to set a parameter counts.
 */
export function kindOf(masked: string): StatementKind {
  const statements = masked.includes(';') ? masked.split(/ ?; ?/) : [masked];
  const statement = statements.find((one) => one !== '' && !FRAME.test(one)) ?? '';
  const verb = mainVerb(statement.replace(/^[( ]+/, ''));
  if (CREATE_TABLE.test(verb)) return hasAtTop(verb, /^as$/) ? 'CREATE TABLE AS' : 'CREATE TABLE';
  if (/^(?:select|values|table)\b/.test(verb)) return hasAtTop(verb, /^into$/) ? 'SELECT INTO' : 'SELECT';
  return KINDS.find(([pattern]) => pattern.test(verb))?.[1] ?? 'other';
}

/** Returns the statement from its verb on: without EXPLAIN and its options, and without the CTEs of WITH. */
function mainVerb(statement: string): string {
  const explained = /^explain (?:\([^)]*\) ?|(?:analyze|analyse|verbose) )*/.exec(statement)?.[0] ?? '';
  const rest = statement.slice(explained.length);
  if (!rest.startsWith('with ')) return rest;
  return rest.slice(findAtTop(rest, /^(?:select|insert|update|delete|merge|values|table)$/) ?? 0);
}

const hasAtTop = (text: string, word: RegExp) => findAtTop(text, word) !== undefined;

/** Returns the position of the first word outside of parentheses and quoted identifiers that matches. */
function findAtTop(text: string, word: RegExp): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"]|"")*"|[()]|[^\s"(),;]+/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && word.test(token)) return index;
  }
  return undefined;
}
