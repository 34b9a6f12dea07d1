import type { Query } from './queries';
import type { Client, QueryResult, QueryResultRow } from 'pg';
import type { Deadline } from '../deadline';
import { beginLocked, ignoredLock, MAX_LOCK_WAIT_MS } from './lock';
import type { Queries } from './queries';
import type { Target } from './target';

/** The longest wait for a lock on an object. Short, because the locks of the transaction block other sessions meanwhile. */
const OBJECT_LOCK_TIMEOUT_MS = 3_000;

/** Returns a statement_timeout in milliseconds that ends with the invocation. */
export function statementTimeout(deadline: Deadline): number {
  return Math.max(1_000, Math.floor(deadline.remaining()));
}

/** A transaction that may only read needs to write. */
export class WouldWrite extends Error {}

/** An open connection to one database. */
export class Session implements Queries {
  /** The number of statements that changed something and were not rolled back. */
  changes = 0;
  /** How many more objects the transaction may lock. */
  lockBudget = Infinity;
  private batchSize = Infinity;
  /** An object was dropped or renamed between reading and writing. */
  isStale = false;
  /** An untrusted session holds the advisory lock: further transactions do not request it. */
  private isLockIgnored = false;
  private mayWrite = true;

  constructor(
    private readonly client: Client,
    readonly databaseName: string,
    readonly deadline: Deadline,
    /** False if the server requested an MD5 hash or the plain password. */
    readonly usesScram: boolean,
    private readonly target: Pick<Target, 'notices' | 'onStatement' | 'assertTurn'>,
    /** Wraps the sending of statements, to find the session that blocks one. */
    private readonly watch: <T>(send: () => Promise<T>) => Promise<T> = (send) => send(),
  ) {}

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Adds a notice to the report of the run. */
  addNotice(sentence: string): void {
    this.target.notices.add(sentence);
  }

  /** Runs a query with bound values. */
  async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  /** Runs a query of the catalog. */
  async query<Row extends QueryResultRow>({ text, values }: Query<Row>): Promise<Row[]> {
    return this.rows<Row>(text, values);
  }

  /** Runs statements without values, separated by semicolons. */
  async run(text: string): Promise<void> {
    await this.watch(async () => this.client.query(text));
  }

  /** Runs statements without values, separated by semicolons. Returns the rows of the last statement. */
  async script<Row extends QueryResultRow>(text: string): Promise<Row[]> {
    const results = (await this.client.query<Row>(text)) as QueryResult<Row> | QueryResult<Row>[];
    return [results].flat().at(-1)!.rows;
  }

  /** Runs a statement that changes something. */
  async change(text: string): Promise<void> {
    this.assertMayWrite();
    if (this.target.onStatement) this.target.onStatement(this.databaseName, text);
    else await this.run(text);
    this.changes += 1;
  }

  /** True if most of the lock budget is used: the remaining work is for another transaction. */
  get isBatchFull(): boolean {
    return this.lockBudget < this.batchSize / 2;
  }

  /** Returns whether a statement may lock `objects` objects. The first statement of a transaction always may. */
  hasLockBudgetFor(objects: number): boolean {
    return objects <= this.lockBudget || this.lockBudget === this.batchSize;
  }

  /** Runs `work`, which may lock `batchSize` objects, in a transaction under the advisory lock of this database. */
  async transaction<T>(work: () => Promise<T>, batchSize = Infinity): Promise<T> {
    return this.inTransaction(work, batchSize, true);
  }

  /** Runs `work` in a transaction without the advisory lock: it does not wait for other runs. */
  async transactionWithoutLock<T>(work: () => Promise<T>): Promise<T> {
    return this.inTransaction(work, Infinity, false);
  }

  private async inTransaction<T>(work: () => Promise<T>, batchSize: number, isLocked: boolean): Promise<T> {
    const before = this.changes;
    this.lockBudget = this.batchSize = batchSize;
    this.isStale = false;
    const wait = Math.max(1, Math.min(MAX_LOCK_WAIT_MS, Math.floor(this.deadline.forWork())));
    const statements = [
      `SET LOCAL lock_timeout = ${Math.min(OBJECT_LOCK_TIMEOUT_MS, wait)}`,
      `SET LOCAL statement_timeout = ${statementTimeout(this.deadline)}`, // the timeout of the connection may be outdated
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
      await this.run('ROLLBACK').catch(() => undefined); // the connection may be lost, and the transaction with it
      throw error;
    }
  }

  /** Runs `work` in a transaction that may only read. Returns undefined if the work needs to write. */
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

  /** Runs statements that change something in a savepoint: a failure leaves the transaction intact. */
  async attempt(text: string): Promise<void> {
    this.assertMayWrite();
    if (this.target.onStatement) this.target.onStatement(this.databaseName, text);
    else await this.attemptRights(text);
  }

  /** Runs statements in a savepoint, also in a dry run: their effect ends with the transaction. */
  async attemptRights(text: string): Promise<void> {
    this.assertMayWrite();
    try {
      await this.run(`SAVEPOINT attempt; ${text}; RELEASE attempt`);
    } catch (error) {
      await this.run('ROLLBACK TO attempt; RELEASE attempt').catch(() => undefined); // there is no savepoint if the text could not be parsed
      throw error;
    }
  }
}
