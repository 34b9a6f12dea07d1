import type { Client } from 'pg';
import { HttpServer } from '../../support/http-server';
import type { Postgres } from '../../support/postgres';

/** Limits of the Data API (Aurora user guide, "Limitations"). */
const MAX_RESPONSE_BYTES = 1_048_576;
const MAX_ROW_BYTES = 65_536;
const MAX_SQL_BYTES = 65_536;
/** What the Data API takes for a named parameter. */
const NAMED_PARAMETER = /(?<![:\w]):[A-Za-z_]\w*/;

interface Body {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  readonly sql: string;
  readonly transactionId?: string;
}

/** The Data API as far as it runs statements: over HTTP, in transactions, on a real server. */
export class DataApiServer extends HttpServer {
  /** The statements, in order. */
  readonly statements: string[] = [];
  /** So many calls are answered as by a paused cluster. */
  paused = 0;
  private readonly transactions = new Map<string, Client>();

  constructor(private readonly postgres: Postgres) {
    super((request, text, response) => {
      void this.answer(request.url ?? '', JSON.parse(text) as Body).then(({ status, type, body }) => {
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(type && { 'x-amzn-errortype': type }),
        });
        response.end(JSON.stringify(body));
      });
    });
  }

  override async stop(): Promise<void> {
    for (const client of this.transactions.values()) await client.end();
    await super.stop();
  }

  /** Transactions that were not ended. */
  get open(): number {
    return this.transactions.size;
  }

  private async answer(path: string, body: Body) {
    try {
      if (this.paused-- > 0)
        throw refusal('DatabaseResumingException', 'The cluster is resuming after being auto-paused');
      return { status: 200, type: undefined, body: await this.run(path, body) };
    } catch (error) {
      const { name, message } = error as Error;
      const type = name === 'DatabaseResumingException' ? name : 'DatabaseErrorException';
      return { status: 400, type, body: { message: `ERROR: ${message}` } };
    }
  }

  private async run(path: string, { database, sql, transactionId = '' }: Body): Promise<object> {
    if (path === '/BeginTransaction') {
      const client = await this.postgres.connect(this.postgres.admin, database);
      await client.query('BEGIN');
      const id = `t${this.transactions.size}-${database}-${this.statements.length}`;
      this.transactions.set(id, client);
      return { transactionId: id };
    }
    const client = this.transactions.get(transactionId);
    if (!client) throw new Error(`Transaction ${transactionId} is not found`);
    if (path === '/RollbackTransaction') {
      this.transactions.delete(transactionId);
      await client.query('ROLLBACK');
      await client.end();
      return { transactionStatus: 'Rollback Complete' };
    }
    this.statements.push(sql);
    if (Buffer.byteLength(sql) > MAX_SQL_BYTES) throw new Error('The statement is too long');
    const parameter = NAMED_PARAMETER.exec(sql);
    if (parameter) throw new Error(`The parameter ${parameter[0]} has no value`);
    const { rows } = await client.query<Record<string, unknown>>({
      text: sql,
      types: { getTypeParser: () => String },
    });
    const records = rows.map((row) => Object.values(row).map((value) => ({ stringValue: String(value) })));
    if (records.some((record) => JSON.stringify(record).length > MAX_ROW_BYTES))
      throw new Error('A row exceeds 64 KB');
    if (JSON.stringify(records).length > MAX_RESPONSE_BYTES)
      throw new Error('Database returned more than the allowed response size limit');
    return { records, numberOfRecordsUpdated: 0 };
  }
}

function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
