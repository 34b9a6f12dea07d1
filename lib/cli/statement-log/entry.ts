/** An event of the log group, as CloudWatch Logs returns it. */
export interface LogEvent {
  /** The name of the log stream, such as `shop-1.0`. */
  readonly stream: string;
  /** In milliseconds since 1970. RDS sets it to the second of the log line. */
  readonly at: number;
  readonly message: string;
}

/** An entry of PostgreSQL's log: one message, such as a statement, an error or the detail of another entry. */
export interface Entry {
  readonly at: number;
  /** The DB instance that wrote the entry. */
  readonly instance: string;
  /** Identifies the server process of the session; undefined if the prefix is not known. */
  readonly process?: string;
  /** The address and port of the client; a process id that is used again has another one. */
  readonly client: string;
  /** The role that logged in; `SET ROLE` does not change it. Undefined if the prefix is not known. */
  readonly role?: string;
  readonly database?: string;
  /** LOG, ERROR, DETAIL, STATEMENT, … */
  readonly severity: string;
  /** The text after the severity, as the client or the server wrote it. */
  readonly text: string;
  /** The size of the entry in the log, in bytes. */
  readonly bytes: number;
}

const SEVERITIES =
  'LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE';

/**
 * The prefix `%t:%r:%u@%d:[%p]:` of RDS, or its longer one, which goes on with `%l:%e:%s:%v:%x:%c:%q%a`.
 *
 * %t may have milliseconds (%m). %r is `10.0.0.7(51234)`, `[local]` or empty. PostgreSQL cuts names to 63 bytes; the bounds limit
 * the time for a line that only resembles a prefix.
 */
const RDS_PREFIX = new RegExp(
  `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? [^\\s:]+:(\\[local\\]|[^\\s(]*\\(\\d+\\)|):(.{0,130}?)@(.{0,130}?):\\[(\\d{1,10})\\]:.{0,300}?(${SEVERITIES}): {2}`,
  's',
);
/** Any other prefix: the severity is found, the role is not. */
const OTHER_PREFIX = new RegExp(`^.{0,300}?\\b(${SEVERITIES}): {2}`, 's');

/** Parses an event; undefined if it is not an entry of PostgreSQL's log. */
export function parseEntry({ stream, at, message }: LogEvent): Entry | undefined {
  const instance = instanceOf(stream);
  const bytes = Buffer.byteLength(message);
  const known = RDS_PREFIX.exec(message);
  if (known) {
    const [prefix, client, role, database, pid, severity] = known;
    const text = restoreNewlines(message.slice(prefix.length));
    const session = { process: `${instance} ${pid}`, client, ...(role !== '' && { role, database }) };
    return { at, instance, ...session, severity, text, bytes };
  }
  const [prefix, severity] = OTHER_PREFIX.exec(message) ?? [];
  if (prefix === undefined) return undefined;
  return { at, instance, client: '', severity, text: restoreNewlines(message.slice(prefix.length)), bytes };
}

/** The DB instance that writes a log stream: an instance may have several, `shop-1.0` and `shop-1.1`. */
export function instanceOf(stream: string): string {
  return stream.replace(/\.\d+$/, '');
}

/** PostgreSQL writes a tab after each newline of a message: removes exactly one. */
function restoreNewlines(text: string): string {
  return text.trimEnd().replaceAll('\n\t', '\n');
}

/** True for an event that holds only further lines of the entry before it in its stream. */
export function isContinuation({ message }: LogEvent): boolean {
  return message.startsWith('\t');
}
