import { setTimeout as sleep } from 'node:timers/promises';
import type { Client as PgClient, QueryResultRow } from 'pg';
import Client from 'pg/lib/client';
import type { Login, ServerAddress } from '../../private/wire/sql';
import type { Deadline } from './deadline';
import { explain, SqlRunnerError } from './errors';
import { ident } from './identifiers';
import { retryFor } from './sqlstates';

/** Serialises all runs of this library on one database; "datafold" in ASCII. */
const LOCK_KEY = '7233174018519133284';
const CONNECT_TIMEOUT = 10_000;
const LOCK_TIMEOUT = 60_000;
/** Longest wait for a server that is asleep, starting or full; then the caller may invoke again. */
const CONNECT_PATIENCE = 60_000;
const WORK_ATTEMPTS = 8;

/** Where and until when to connect. */
export interface Target {
  readonly address: ServerAddress;
  readonly deadline: Deadline;
  /** Told that a connection was opened. */
  readonly onReached?: () => void;
  /** Told what would be changed instead of changing it: nothing is written then. */
  readonly rehearsal?: (databaseName: string, statement: string) => void;
}

/** An open connection to one database. */
export class Session {
  /** Statements that changed something. */
  changes = 0;

  constructor(
    private readonly client: PgClient,
    readonly databaseName: string,
    readonly deadline: Deadline,
    /** False where the server asked for an MD5 hash or the clear password. */
    readonly usesScram: boolean,
    private readonly rehearsal?: Target['rehearsal'],
  ) {}

  /** True where nothing is written. */
  get isRehearsal(): boolean {
    return this.rehearsal !== undefined;
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Reads: one statement, values always bound. */
  async rows<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Sends statements without values, several at once if separated by semicolons. */
  async run(text: string): Promise<void> {
    await this.client.query(text);
  }

  /** Sends one statement that changes something. */
  async change(text: string): Promise<void> {
    if (this.rehearsal) this.rehearsal(this.databaseName, text);
    else await this.run(text);
    this.changes += 1;
  }

  /** Runs `work` in a transaction under the library's lock on this database. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const wait = Math.max(1, Math.min(LOCK_TIMEOUT, Math.floor(this.deadline.forWork())));
    const lock = `BEGIN; SET LOCAL lock_timeout = ${wait}; SELECT pg_advisory_xact_lock(${LOCK_KEY})`;
    await this.run(this.isRehearsal ? 'BEGIN TRANSACTION READ ONLY' : lock);
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (error) {
      await this.run('ROLLBACK').catch(() => undefined); // the connection may be gone, and the transaction with it
      throw error;
    }
  }

  /** Sends statements so that their failure leaves the transaction as it was before them. */
  async attempt(text: string): Promise<void> {
    if (this.rehearsal) return this.rehearsal(this.databaseName, text);
    try {
      await this.run(`SAVEPOINT attempt; ${text}; RELEASE attempt`);
    } catch (error) {
      await this.run('ROLLBACK TO attempt; RELEASE attempt');
      throw error;
    }
  }
}

/** Opens a connection, runs `work` and ends the connection whatever happens. */
export async function withSession<T>(
  target: Target,
  login: Login,
  databaseName: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withConnections(target, (connections) => connections.use(login, databaseName, work));
}

/** Lets `work` use connections, and ends them whatever happens. */
export async function withConnections<T>(
  target: Target,
  work: (connections: Connections) => Promise<T>,
): Promise<T> {
  const connections = new Connections(target);
  try {
    return await work(connections);
  } finally {
    await connections.end();
  }
}

/** One connection per user, kept from one piece of work to the next in the same database: opening them takes long. */
export class Connections {
  private readonly open = new Map<string, Session>();

  constructor(private readonly target: Target) {}

  /** Runs `work` with a connection, which is ended if the work fails. */
  async use<T>(login: Login, databaseName: string, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.open.get(login.user)?.databaseName !== databaseName) await this.end(login);
    let session = this.open.get(login.user);
    if (!session) {
      const { client, usesScram } = await connect(this.target, login, databaseName);
      session = new Session(client, databaseName, this.target.deadline, usesScram, this.target.rehearsal);
      this.open.set(login.user, session);
    }
    try {
      return await work(session);
    } catch (error) {
      await this.end(login);
      throw error;
    }
  }

  /** Ends the connection of a login, or all. */
  async end(login?: Login): Promise<void> {
    const users = login ? [login.user] : [...this.open.keys()];
    for (const user of users) {
      await this.open.get(user)?.end();
      this.open.delete(user);
    }
  }
}

/** Runs a unit of work that may be run again as a whole, again after errors that pass. */
export async function retried<T>(target: Target, doing: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof SqlRunnerError ? error.cause : error;
      const again = retryFor(cause) === 'work' && attempt < WORK_ATTEMPTS && !target.deadline.isNear();
      if (!again) throw explain(error, doing);
      await sleep(backOff(attempt));
    }
  }
}

/** Milliseconds: doubling up to 5 s, with jitter so that many clients do not come back together. */
function backOff(attempt: number): number {
  return Math.min(5_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
}

async function connect(target: Target, login: Login, databaseName: string) {
  const { host, port } = target.address;
  const patience = Date.now() + Math.min(CONNECT_PATIENCE, target.deadline.forWork() / 2);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open(target, login, databaseName);
    } catch (error) {
      const wait = backOff(attempt + 1);
      if (retryFor(error) === undefined || Date.now() + wait > patience) {
        throw explain(
          error,
          `Connecting to database ${ident(databaseName)} at ${host}:${port} as ${ident(login.user)}`,
        );
      }
      await sleep(wait);
    }
  }
}

async function open({ address, deadline, onReached }: Target, login: Login, database: string) {
  const client = new Client({
    host: address.host,
    port: address.port,
    user: login.user,
    password: login.password,
    database,
    ssl:
      address.tls === 'disable'
        ? false
        : { rejectUnauthorized: true, ...(address.caCertificate && { ca: address.caCertificate }) },
    connectionTimeoutMillis: Math.max(1, Math.min(CONNECT_TIMEOUT, deadline.forWork())),
    application_name: 'cdk-datafold-postgres',
  });
  client.on('error', () => undefined); // a lost connection also fails the query that waits for it
  let usesScram = true;
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  for (const event of ['authenticationMD5Password', 'authenticationCleartextPassword']) {
    connection.once(event, () => (usesScram = false));
  }
  try {
    await client.connect();
    await client.query(sessionSettings(deadline));
    onReached?.();
    return { client, usesScram };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (!usesScram) Object.assign(error as object, { usesScram });
    throw error;
  }
}

/** Settings of a database or role must not change what our statements mean. */
function sessionSettings(deadline: Deadline): string {
  const settings: Record<string, string> = {
    search_path: 'pg_catalog, pg_temp',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
    default_transaction_read_only: 'off',
    default_transaction_isolation: "'read committed'",
    statement_timeout: String(Math.max(1_000, Math.floor(deadline.remaining()))),
    lock_timeout: String(LOCK_TIMEOUT),
    idle_in_transaction_session_timeout: '120000',
  };
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = ${value}`)
    .join('; ');
}
