import { instanceOf, isContinuation, parseEntry, type Entry, type LogEvent } from './entry';
import { holdsParameters, prepareIn, statementIn, type StatementText } from './statement-text';

/** A statement of the log, with what later entries of its session say of it. */
export interface LoggedStatement extends StatementText {
  readonly at: number;
  readonly instance: string;
  /** Identifies the session; undefined if the prefix of the log is not known. */
  readonly session?: string;
  readonly role?: string;
  readonly database?: string;
  /** The PREPARE statement that an EXECUTE runs, from its DETAIL entry. */
  readonly prepare?: string;
  /** True if the statement ended with an error, so that it changed nothing. */
  readonly failed: boolean;
  /** The size of all entries of the statement, in bytes. */
  readonly bytes: number;
  /** The part of `bytes` that bind values take. */
  readonly parameterBytes: number;
}

/** What the reader finds. */
export interface StatementListener {
  statement(statement: LoggedStatement): void;
  /** An entry that belongs to no statement: a checkpoint, a connection, an error of a statement that is not logged. */
  other(entry: Pick<Entry, 'at' | 'instance' | 'bytes'>): void;
  sessionEnded(session: string): void;
}

type Open = { -readonly [Key in keyof LoggedStatement]: LoggedStatement[Key] };

/** How many statements wait for the next entry of their session; beyond, the oldest are taken to have succeeded. */
const MAX_OPEN = 10_000;
const MAX_OPEN_CHARACTERS = 32_000_000;

/**
 * Puts the statements of a log together from its events, in one pass.
 *
 * The entries of a session come from one process, perhaps by several streams of its instance. So a statement is complete only
 * when the next entry of its process begins something else. An error can come hours after its statement.
 */
export class StatementReader {
  /** The process of the newest entry of each stream, if it is a statement: continuation lines belong to it. */
  private readonly newest = new Map<string, string>();
  /** The newest statement of each process. */
  private readonly open = new Map<string, Open>();
  private openCharacters = 0;
  /** The newest error of each process, with the SQL that its STATEMENT entry names. */
  private readonly errors = new Map<string, { readonly at: number; readonly sql?: string }>();

  constructor(private readonly listener: StatementListener) {}

  /** Takes the next event. Events come in the order of their time. */
  read(event: LogEvent): void {
    const { stream, at, message } = event;
    const entry = parseEntry(event);
    if (entry) {
      this.newest.delete(stream);
      return this.take(entry, stream);
    }
    const bytes = Buffer.byteLength(message);
    const open = isContinuation(event) ? this.open.get(this.newest.get(stream) ?? '') : undefined;
    if (!open) return this.listener.other({ at, instance: instanceOf(stream), bytes });
    open.sql += `\n${message.slice(1)}`;
    open.bytes += bytes;
    this.openCharacters += message.length;
  }

  /** Reports what is still open: at the end of the log, or before a part of it that is not read. */
  end(): void {
    [...this.open.keys()].forEach((process) => this.close(process));
    this.newest.clear();
    this.errors.clear();
  }

  private take(entry: Entry, stream: string): void {
    const open = this.openOf(entry);
    const { severity, text } = entry;
    if (severity === 'LOG') return this.takeLog(entry, stream);
    if (severity === 'DETAIL' && open && !open.failed) {
      const prepare = prepareIn(text);
      if (prepare !== undefined) open.prepare = prepare;
      if (prepare !== undefined || holdsParameters(text)) {
        if (prepare === undefined) open.parameterBytes += entry.bytes;
        return void (open.bytes += entry.bytes);
      }
    }
    if (severity === 'STATEMENT') return this.takeFailure(entry, open);
    if (/^(?:ERROR|FATAL|PANIC)$/.test(severity)) this.takeError(entry, open);
    this.listener.other(entry);
  }

  private takeError({ process, at }: Entry, open: Open | undefined): void {
    if (process === undefined) return;
    if (open) open.failed = true; // until STATEMENT names another one
    this.errors.set(process, { at });
    if (this.errors.size > MAX_OPEN) this.errors.delete(this.errors.keys().next().value!);
  }

  private takeLog(entry: Entry, stream: string): void {
    const { process, client, at, instance, role, database, bytes, text } = entry;
    const statement = statementIn(text);
    if (!statement) {
      this.listener.other(entry);
      if (process !== undefined && text.startsWith('disconnection: ')) {
        this.close(process);
        this.listener.sessionEnded(sessionOf(process, client));
      }
      return;
    }
    const found = { at, instance, role, database, ...statement, bytes, parameterBytes: 0, failed: false };
    if (process === undefined) return this.listener.statement(found);
    this.close(process);
    // Entries of one second may arrive in another order than they were written in.
    const error = this.errors.get(process);
    this.errors.delete(process);
    const failed = error?.at === at && error.sql === statement.sql;
    const open = { ...found, session: sessionOf(process, client), failed };
    this.open.set(process, open);
    this.newest.set(stream, process);
    this.openCharacters += statement.sql.length;
    while (this.open.size > MAX_OPEN || this.openCharacters > MAX_OPEN_CHARACTERS)
      this.close(this.open.keys().next().value!);
  }

  /** The STATEMENT entry of an error names the statement that failed, which need not be one of the log. */
  private takeFailure(entry: Entry, open: Open | undefined): void {
    const { process = '', at, text: sql } = entry;
    if (!this.errors.has(process)) return this.listener.other(entry); // of a warning
    this.errors.set(process, { at, sql });
    if (open) open.failed = open.sql === sql || open.sql.startsWith(`${sql}\n`);
    if (open?.failed) open.bytes += entry.bytes;
    else this.listener.other(entry);
  }

  /** The open statement of the entry's session; one of an earlier session with the same process id is closed. */
  private openOf({ process, client }: Entry): Open | undefined {
    if (process === undefined) return undefined;
    const open = this.open.get(process);
    if (open === undefined || open.session === sessionOf(process, client)) return open;
    this.close(process);
    this.listener.sessionEnded(open.session!);
    return undefined;
  }

  private close(process: string): void {
    const open = this.open.get(process);
    if (!open) return;
    this.open.delete(process);
    this.openCharacters -= open.sql.length;
    this.listener.statement(open);
  }
}

const sessionOf = (process: string, client: string) => `${process} ${client}`;
