import type { Client } from 'pg';
import { literal } from '../identifiers';
import type { Deadline } from '../deadline';
import { SqlRunnerError } from '../errors';
import { MAX_LOCK_WAIT_MS } from './lock';
import { statementTimeout } from './session';

/** The code of the failure where a pooler stands between the sql-runner and the server. */
const POOLER = 'POOLER';

/** Ends in the name of a proxy of RDS, or of one of its endpoints. */
const RDS_PROXY = /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\./i;

/** Settings of a database or role must not change what the statements of a run mean, nor end its sessions. */
function settings(deadline: Deadline): Readonly<Record<string, string>> {
  return {
    role: 'none',
    search_path: 'pg_catalog, pg_temp',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
    default_transaction_read_only: 'off',
    default_transaction_isolation: 'read committed',
    statement_timeout: String(statementTimeout(deadline)),
    lock_timeout: String(MAX_LOCK_WAIT_MS),
    idle_in_transaction_session_timeout: '120000',
    jit: 'off', // from PostgreSQL 11 on; to compile a query on the catalog takes longer than to run it
    idle_session_timeout: '0', // from PostgreSQL 14 on
    transaction_timeout: '0', // from PostgreSQL 17 on
  };
}

/** Fails, without connecting, for the name of an RDS Proxy. */
export function refuseRdsProxy(host: string, action: string): void {
  if (RDS_PROXY.test(host)) throw pooler(action, 'the host is an RDS Proxy');
}

/**
 * Gives a new connection its settings, unless it leads to a connection pooler or to a server that only reads.
 *
 * A pooler in transaction mode would leave the settings to whoever gets the server's session next. It gives its clients keys
 * of its own for canceling, and the process in a key of PostgreSQL is that of the session. One statement asks and sets, and
 * names all it calls with its schema: nothing that somebody put into the search_path is called.
 */
export async function prepare(client: Client, deadline: Deadline, action: string): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  const values = Object.entries(settings(deadline)).map(
    ([name, value]) => `(${literal(name).trim()}, ${literal(value).trim()})`,
  );
  // Otherwise the server refuses to send text that is not UTF-8, with all that was asked for together with it.
  values.push(
    `('client_encoding', CASE WHEN pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) ANY ('{UTF8,SQL_ASCII}') THEN 'SQL_ASCII' ELSE 'UTF8' END)`,
  );
  const { rows } = await client.query<{ isStandby: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS "isStandby", pg_catalog.set_config(s.name, s.value, false)
     FROM (VALUES ${values.join(', ')}) AS s (name, value)
     WHERE pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) ${processID ?? 0} AND pg_catalog.current_setting(s.name, true) IS NOT NULL`,
  );
  if (rows.length === 0) throw pooler(action, 'a connection pooler answers there');
  if (rows[0].isStandby)
    throw new SqlRunnerError(
      `${action} failed: the server only reads (25006). It is a standby, a read replica, or what a reader endpoint leads to; or it was the writer until a moment ago. Use the address of the writer.`,
      '25006',
      true,
    );
}

function pooler(action: string, cause: string): SqlRunnerError {
  return new SqlRunnerError(
    `${action} failed: ${cause} (${POOLER}). It shares the server's sessions, so that settings of a run would stay in those of other clients. Give the address of the server itself, not that of PgBouncer, RDS Proxy or another pooler.`,
    POOLER,
  );
}
