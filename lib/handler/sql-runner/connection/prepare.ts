import type { Client } from 'pg';
import { parseRdsHost } from '../../../private/server/rds-host';
import { literal } from '../identifiers';
import type { Deadline } from '../deadline';
import { SqlRunnerError } from '../errors';
import { MAX_LOCK_WAIT_MS } from './lock';
import { statementTimeout } from './session';

/** The error code if the address is a connection pooler. */
const POOLER = 'POOLER';

/** Session settings that override those of the database and the role, which could change or end a run. */
function settings(deadline: Deadline): Readonly<Record<string, string>> {
  return {
    role: 'none',
    search_path: 'pg_catalog, pg_temp',
    standard_conforming_strings: 'on',
    client_min_messages: 'warning',
    quote_all_identifiers: 'off', // expressions of policies are compared as text
    default_transaction_read_only: 'off',
    default_transaction_isolation: 'read committed',
    statement_timeout: String(statementTimeout(deadline)),
    lock_timeout: String(MAX_LOCK_WAIT_MS),
    idle_in_transaction_session_timeout: '120000',
    exit_on_error: 'off',
    jit: 'off', // since PostgreSQL 11; compiling a catalog query takes longer than running it
    idle_session_timeout: '0', // since PostgreSQL 14
    transaction_timeout: '0', // since PostgreSQL 17
  };
}

/** Fails for the host name of an RDS Proxy, without connecting. */
export function refuseRdsProxy(host: string, action: string): void {
  if (parseRdsHost(host)?.kind === 'proxy') throw pooler(action, 'the host is an RDS Proxy');
}

/**
 * Applies the session settings to a new connection. Fails behind a connection pooler and on a read-only server.
 *
 * A pooler in transaction mode would leave the settings in a session that other clients use next. It is recognized by the cancel
 * key: a pooler sends its own, whose process ID is not that of the session. One statement checks and sets everything, with
 * qualified names, so that no function in the search_path of the role can run.
 */
export async function prepare(client: Client, deadline: Deadline, action: string): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  const values = Object.entries(settings(deadline)).map(
    ([name, value]) => `(${literal(name).trim()}, ${literal(value).trim()})`,
  );
  // With UTF8, the server would reject a whole result that contains text that is not UTF-8.
  values.push(
    `('client_encoding', CASE WHEN pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) ANY ('{UTF8,SQL_ASCII}') THEN 'SQL_ASCII' ELSE 'UTF8' END)`,
  );
  const { rows } = await client.query<{ isStandby: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS "isStandby", pg_catalog.set_config(s.name, s.value, false)
     FROM (VALUES ${values.join(', ')}) AS s (name, value)
     WHERE pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) ${processID ?? 0} AND pg_catalog.current_setting(s.name, true) IS NOT NULL`,
  );
  if (rows.length === 0) throw pooler(action, 'the address is a connection pooler');
  if (rows[0].isStandby)
    throw new SqlRunnerError(
      `${action} failed: the server is read-only (25006): it is a standby, a read replica or a reader endpoint, or was the writer until a failover. Use the writer endpoint.`,
      '25006',
      true,
    );
}

function pooler(action: string, cause: string): SqlRunnerError {
  return new SqlRunnerError(
    `${action} failed: ${cause} (${POOLER}). A pooler shares sessions, so settings of the sql-runner would remain in sessions of other clients. Use the address of the server itself, not of PgBouncer, RDS Proxy or another pooler.`,
    POOLER,
  );
}
