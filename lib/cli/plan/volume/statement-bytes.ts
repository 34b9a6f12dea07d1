import type { Protocol, StatementFacts, VolumeFacts } from './facts';
import { mask } from '../../statement-log/mask';

/** What is assumed of the log where it is not known. */
export interface Assumptions {
  /** The length of the address and port of a client: `10.0.12.34(41198)`. */
  readonly addressBytes: number;
  /** The length of a value, with its quotes. */
  readonly valueBytes: number;
  /** Whether the values of parameters are logged. */
  readonly bindValues: boolean;
}

/** `2026-11-28 11:59:36 UTC:ADDRESS:ROLE@DATABASE:[27322]:LOG:  ` without the names (log_line_prefix of RDS). */
const PREFIX_BYTES = '2026-11-28 11:59:36 UTC::@:[27322]:LOG:  '.length;
const STATEMENT_BYTES = 'statement: '.length;
const EXECUTE_BYTES = 'execute <unnamed>: '.length;
const PARAMETERS_BYTES = 'DETAIL:  parameters: '.length - 'LOG:  '.length;
const VALUE_BYTES = 8;
/** The columns that a JSON parameter has for each row, with their names. */
const JSON_COLUMNS = 6;

/** Functions that turn one parameter into many rows. */
const UNPACKING = /^(unnest|jsonb?_(to_recordset|populate_recordset|array_elements(_text)?))$/;

/**
 * Returns the bytes that one execution adds to the log, with the newline.
 *
 * pg_stat_statements replaces each constant by a parameter, so the text of a bulk insert has the number of its values and not
 * their length. With the extended protocol a second line has the values.
 */
export function bytesOfExecution(
  facts: StatementFacts,
  protocol: Protocol,
  { addressBytes, valueBytes, bindValues }: Assumptions,
): number {
  const { role, database, text, octets, newlines, parameters } = facts;
  const prefix = PREFIX_BYTES + addressBytes + Buffer.byteLength(role) + Buffer.byteLength(database);
  const line = prefix + octets + newlines + 1;
  const token = parameterBytes(parameters);
  const values = Math.max(parameters, unpackedValues(facts));
  if (protocol === 'simple') {
    // A prepared statement is logged as EXECUTE, with the text as its DETAIL.
    const execute = /^\s*prepare\b/i.test(text) ? prefix + 'EXECUTE name()'.length : 0;
    return line + STATEMENT_BYTES + execute + Math.max(0, values * valueBytes - parameters * token);
  }
  if (parameters === 0 || !bindValues) return line + EXECUTE_BYTES;
  const names = parameters * (token + " = '', ".length);
  return line + EXECUTE_BYTES + prefix + PARAMETERS_BYTES + names + values * valueBytes + 1;
}

/** Returns the average length of a parameter in the text: `$1`, in a bulk insert up to `$65535`. */
function parameterBytes(parameters: number): number {
  return 1 + String(Math.max(1, Math.ceil(parameters / 2))).length;
}

/** Returns the number of values of an insert that makes rows of array or JSON parameters. */
function unpackedValues({ text, rows, calls }: StatementFacts): number {
  const words = wordsOf(text);
  const start = words.findIndex((word) => UNPACKING.test(word));
  if (start < 0 || words[0] !== 'insert' || calls === 0) return 0;
  const rest = words.slice(start);
  const end = rest.indexOf(')');
  const arrays = rest.slice(0, end < 0 ? undefined : end).filter((word) => word === '$').length;
  return (words[start] === 'unnest' ? arrays : JSON_COLUMNS) * (rows / calls);
}

/** Returns the average length of the values of a statement: for an insert that of the columns of its table, where it is known. */
export function valueBytesOf({ text }: StatementFacts, { tables }: VolumeFacts): number {
  const [insert, into, first, dot, second] = wordsOf(text.slice(0, 300));
  if (insert !== 'insert' || into !== 'into') return VALUE_BYTES;
  const [schema, name] = dot === '.' ? [plain(first), plain(second)] : [undefined, plain(first)];
  const found = tables.filter((one) => one.name === name && (schema === undefined || one.schema === schema));
  return found.length === 1 ? Math.max(1, found[0].valueBytes) : VALUE_BYTES;
}

/** Returns the name in an identifier, which may be quoted. */
function plain(word = ''): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
}

/** Returns the words and symbols of a statement in lower case, without comments and constants; parameters are `$`. */
export function wordsOf(sql: string): string[] {
  const tokens = mask(sql).matchAll(/"(?:[^"]|"")*"|\$\d+|[\w$\u0080-\uffff]+|[^\s?]/g);
  return [...tokens].map(([token]) => (/^\$\d/.test(token) ? '$' : token));
}
