import type { Client, QueryResult, QueryResultRow } from 'pg';
import type { Deadline } from '../deadline';
import { beginLocked, ignoredLock, MAX_LOCK_WAIT_MS } from './lock';
import type { Queries } from './queries';
import type { Target } from './target';

/** The longest wait for what others hold, in milliseconds: all that was granted so far keeps others waiting meanwhile. */
const OBJECT_LOCK_TIMEOUT = 3_000;

/** In milliseconds: no statement outlives the invocation. */
export function statementTimeout(deadline: Deadline): number {
  return Math.max(1_000, Math.floor(deadline.remaining()));
}

/** A transaction that was only to look would have to write. */
export class WouldWrite extends Error {}

/** An open connection to one database. */
export class Session implements Queries {
  /** Statements that changed something, without those that were rolled back. */
  changes = 0;
  /** How many more objects the transaction may name. */
  lockBudget = Infinity;
  private batchSize = Infinity;
  /** True where something that the transaction named had gone, or got another name, since it was read. */
  isStale = false;
  /** Somebody keeps the library's lock for nothing: no further transaction asks for it. */
  private isLockIgnored = false;
  private mayWrite = true;

  constructor(
    private readonly client: Client,
    readonly databaseName: string,
    readonly deadline: Deadline,
    /** False where the server asked for an MD5 hash or the clear password. */
    readonly usesScram: boolean,
    private readonly target: Pick<Target, 'notices' | 'onStatement' | 'assertTurn'>,
    /** Sends a statement of a transaction. */
    private readonly watch: <T>(send: () => Promise<T>) => Promise<T> = (send) => send(),
  ) {}

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Reads: one statement, values always bound. */
  async rows<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Sends statements without values, several at once if separated by semicolons. */
  async run(text: string): Promise<void> {
    await this.watch(async () => this.client.query(text));
  }

  /** Sends several statements without values. Returns the rows of the last one. */
  async script<Row extends QueryResultRow>(text: string): Promise<Row[]> {
    const results = (await this.client.query<Row>(text)) as QueryResult<Row> | QueryResult<Row>[];
    return [results].flat().at(-1)!.rows;
  }

  /** Sends one statement that changes something. */
  async change(text: string): Promise<void> {
    this.assertMayWrite();
    if (this.target.onStatement) this.target.onStatement(this.databaseName, text);
    else await this.run(text);
    this.changes += 1;
  }

  /** True where little is left of the transaction's share: what remains to be done is for another one. */
  get isBatchFull(): boolean {
    return this.lockBudget < this.batchSize / 2;
  }

  /** Whether a statement may name that many objects; the first of a transaction may. */
  hasLockBudgetFor(objects: number): boolean {
    return objects <= this.lockBudget || this.lockBudget === this.batchSize;
  }

  /** Runs `work`, which is to name `share` objects at most, in a transaction under the library's lock on this database. */
  async transaction<T>(work: () => Promise<T>, batchSize = Infinity): Promise<T> {
    return this.inTransaction(work, batchSize, true);
  }

  /** The same for what must not wait for other runs. */
  async transactionWithoutLock<T>(work: () => Promise<T>): Promise<T> {
    return this.inTransaction(work, Infinity, false);
  }

  private async inTransaction<T>(work: () => Promise<T>, batchSize: number, isLocked: boolean): Promise<T> {
    const before = this.changes;
    this.lockBudget = this.batchSize = batchSize;
    this.isStale = false;
    const wait = Math.max(1, Math.min(MAX_LOCK_WAIT_MS, Math.floor(this.deadline.forWork())));
    const statements = [
      `SET LOCAL lock_timeout = ${Math.min(OBJECT_LOCK_TIMEOUT, wait)}`,
      `SET LOCAL statement_timeout = ${statementTimeout(this.deadline)}`, // the connection may be an old one
    ];
    if (isLocked && !this.isLockIgnored) {
      const { ignored } = await beginLocked(this, statements, wait);
      if (ignored) {
        this.isLockIgnored = true;
        this.target.notices.add(ignoredLock(this, ignored));
      }
    } else await this.run(['BEGIN', ...statements].join('; '));
    try {
      this.target.assertTurn?.();
      const result = await work();
      await this.run(this.target.onStatement ? 'ROLLBACK' : 'COMMIT');
      return result;
    } catch (error) {
      this.changes = before;
      await this.run('ROLLBACK').catch(() => undefined); // the connection may be gone, and the transaction with it
      throw error;
    }
  }

  /** The same for work of which it is not known whether it has to write: undefined if it has to, and nothing is written. */
  async transactionWithoutWriting<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.mayWrite = false;
    try {
      return await this.transaction(work);
    } catch (error) {
      if (error instanceof WouldWrite) return undefined;
      throw error;
    } finally {
      this.mayWrite = true;
    }
  }

  private assertMayWrite(): void {
    if (!this.mayWrite) throw new WouldWrite();
  }

  /** Sends statements that change something, so that their failure leaves the transaction as it was before them. */
  async attempt(text: string): Promise<void> {
    this.assertMayWrite();
    if (this.target.onStatement) this.target.onStatement(this.databaseName, text);
    else await this.attemptRights(text);
  }

  /** The same for what only holds until the end of the transaction: in a rehearsal, too. */
  async attemptRights(text: string): Promise<void> {
    this.assertMayWrite();
    try {
      await this.run(`SAVEPOINT attempt; ${text}; RELEASE attempt`);
    } catch (error) {
      await this.run('ROLLBACK TO attempt; RELEASE attempt').catch(() => undefined); // what could not be parsed has set none
      throw error;
    }
  }
}
