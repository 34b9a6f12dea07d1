import { setTimeout as sleep } from 'node:timers/promises';
import Client from 'pg/lib/client';
import type { Login } from '../../../private/wire/sql';
import type { Deadline } from '../deadline';
import { explain } from '../errors';
import { ident } from '../identifiers';
import { retryFor } from '../sqlstates';
import { backOff } from './retry';
import { LOCK_TIMEOUT, statementTimeout } from './session';
import { trust } from './trust';
import type { Target } from './target';

const CONNECT_TIMEOUT = 10_000;
/** Longest wait for a server that is asleep, starting or full; then the caller may invoke again. */
const CONNECT_PATIENCE = 60_000;

/** Opens a connection; waits a while for a server that is asleep, starting or full. */
export async function connect(target: Target, login: Login, databaseName: string) {
  const { host, port } = target.address;
  const patience = Date.now() + Math.min(CONNECT_PATIENCE, target.deadline.forWork() / 2);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open(target, login, databaseName);
    } catch (error) {
      const wait = backOff(attempt + 1);
      if (retryFor(error) === undefined || Date.now() + wait > patience || target.deadline.isNear()) {
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
    ssl: address.tls === 'disable' ? false : { rejectUnauthorized: true, ...trust(address) },
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
    role: 'none',
    search_path: 'pg_catalog, pg_temp',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
    default_transaction_read_only: 'off',
    default_transaction_isolation: "'read committed'",
    statement_timeout: String(statementTimeout(deadline)),
    lock_timeout: String(LOCK_TIMEOUT),
    idle_in_transaction_session_timeout: '120000',
  };
  const statements = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);
  // From PostgreSQL 17 on.
  const transactions = `SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'`;
  return [...statements, transactions].join('; ');
}
