import type { Client } from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { answer as handler } from '../../lib/handler/sql-runner/answer';
import type { SqlRequest } from '../../lib/private/wire/sql';
import type { ReportOf } from '../../lib/private/wire/sql-reports';
import { catalogDump } from './catalog-dump';
import { startPostgres, type Credentials, type Postgres, type PostgresOptions } from './postgres';

/** A server for the tests of one file, and connections to it that are ended with it. */
export interface TestServer {
  readonly postgres: Postgres;
  /** Runs statements as the superuser (or another), in a connection of its own. */
  sql(text: string, database?: string, as?: Credentials): Promise<Record<string, unknown>[]>;
  /** Creates a database again, owned by the administrator. */
  freshDatabase(name: string): Promise<void>;
  /** What the catalog says of roles, privileges and owners. */
  dump(database: string): Promise<string>;
  roleExists(name: string): Promise<boolean>;
  schemaExists(name: string, database: string): Promise<boolean>;
  /** An open connection, ended after the tests. */
  connection(database: string, as?: Credentials): Promise<Client>;
}

/** Starts a server before the tests of a file and stops it after them. */
export function withServer(options: PostgresOptions = {}): TestServer {
  let postgres: Postgres | undefined;
  const open: Client[] = [];
  beforeAll(async () => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    postgres = await startPostgres(options);
  });
  afterAll(async () => {
    for (const client of open) await client.end().catch(() => undefined);
    await postgres?.stop();
  });
  const sql: TestServer['sql'] = async (text, database = 'postgres', as = postgres!.superuser) => {
    const client = await postgres!.connect(as, database);
    try {
      const result = await client.query(text);
      return (Array.isArray(result) ? result.at(-1) : result).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  return {
    get postgres() {
      return postgres!;
    },
    sql,
    async freshDatabase(name) {
      await sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${escapeLiteral(name)}`,
      );
      await sql(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)}`);
      await sql(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(postgres!.admin.user)}`);
    },
    async dump(database) {
      const client = await postgres!.connect(postgres!.superuser, database);
      const dump = await catalogDump(client);
      await client.end();
      return dump;
    },
    roleExists: async (name) =>
      (await sql(`SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(name)}`)).length > 0,
    schemaExists: async (name, database) =>
      (await sql(`SELECT FROM pg_namespace WHERE nspname = ${escapeLiteral(name)}`, database)).length > 0,
    async connection(database, as = postgres!.superuser) {
      const client = await postgres!.connect(as, database);
      open.push(client);
      return client;
    },
  };
}

/** Runs a request that must succeed. */
export async function succeed<R extends SqlRequest>(request: R): Promise<ReportOf<R>> {
  const answer = await handler(request);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.report;
}

/** Runs a request that must fail, and returns how. */
export async function fail(request: SqlRequest, milliseconds?: number) {
  const until = Date.now() + (milliseconds ?? 300_000);
  const answer = await handler(request, { getRemainingTimeInMillis: () => Math.max(0, until - Date.now()) });
  if (answer.ok) throw new Error('succeeded');
  const { message, code, retryable } = answer.error;
  return { message, ...(code && { code }), retryable };
}
