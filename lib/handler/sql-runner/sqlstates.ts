import type { SqlFailureKind } from '../../private/wire/sql-reports';

/** The cause and the next step for an error code, and whether a retry may help. */
export interface Meaning {
  readonly cause: string;
  readonly next: string;
  /** `connect`: connect again; `work`: also run the unit of work again; undefined: fail at once. */
  readonly retry?: 'connect' | 'work';
}

const CHECK_NETWORK =
  'Check host and port, and that the security group of the database allows connections from the sql-runner.';
const WAIT = 'Deploy again when the server is up.';
const LOST = { cause: 'The connection was lost.', next: WAIT, retry: 'work' } as const;
const BUSY = {
  cause: 'Another session changed the same object.',
  next: 'Deploy again.',
  retry: 'work',
} as const;
const NOT_TRUSTED = {
  cause: "The server's certificate is not signed by a trusted authority.",
  next: 'Set caCertificate to the certificate of its authority.',
} as const;

/** SQLSTATEs and error codes of Node.js that a run may encounter. */
export const MEANINGS: Readonly<Record<string, Meaning>> = {
  // unavailable
  '57P03': { cause: 'The server is starting or shutting down.', next: WAIT, retry: 'connect' },
  '53300': {
    cause: 'The server is out of connections.',
    next: 'Raise max_connections or close sessions.',
    retry: 'connect',
  },
  '57P01': { ...LOST, cause: 'The server ended the session: it restarts or fails over.' },
  '57P02': { ...LOST, cause: 'The server crashed.' },
  '57P05': { ...LOST, cause: 'The session was idle for longer than idle_session_timeout.' },
  '25P03': {
    ...LOST,
    cause: 'The transaction was idle for longer than idle_in_transaction_session_timeout.',
    next: 'Deploy again.',
  },
  '25P04': {
    ...LOST,
    cause: 'The transaction took longer than transaction_timeout.',
    next: 'Deploy again at a quieter time.',
  },
  '08000': LOST,
  '08001': { ...LOST, retry: 'connect' },
  '08003': LOST,
  '08004': { ...LOST, cause: 'The server rejected the connection.', retry: 'connect' },
  '08006': LOST,
  ECONNREFUSED: {
    cause: 'Nothing listens on the port: the port is wrong, or the server is down.',
    next: CHECK_NETWORK,
    retry: 'connect',
  },
  ETIMEDOUT: {
    cause: 'No response: the server is paused, or the network blocks the connection.',
    next: CHECK_NETWORK,
    retry: 'connect',
  },
  EHOSTUNREACH: { cause: 'There is no route to the host.', next: CHECK_NETWORK, retry: 'connect' },
  ENETUNREACH: { cause: 'There is no route to the host.', next: CHECK_NETWORK, retry: 'connect' },
  ENOTFOUND: { cause: 'The host name does not exist.', next: 'Check the host name.', retry: 'connect' },
  EAI_AGAIN: {
    cause: 'The DNS server does not respond.',
    next: 'Check that the VPC resolves DNS names.',
    retry: 'connect',
  },
  ECONNRESET: LOST,
  EPIPE: LOST,
  // concurrent changes
  '40001': BUSY,
  '40P01': { ...BUSY, cause: 'Two sessions waited for each other (deadlock).' },
  '23505': BUSY,
  XX000: BUSY,
  '55P03': {
    cause: 'Another session holds a lock for too long: a migration, or an open transaction.',
    next: 'End the session (pg_stat_activity shows it), or deploy again later.',
    retry: 'work',
  },
  '53200': {
    cause: 'Other sessions hold locks on too many tables.',
    next: 'Deploy again at a quieter time, or raise max_locks_per_transaction.',
    retry: 'work',
  },
  // after a failover, the writer endpoint resolves to the old writer for a while
  '25006': {
    cause: 'The server is read-only: it is a replica, or was the writer until a failover.',
    next: 'Use the writer endpoint.',
    retry: 'work',
  },
  '55006': { cause: 'The object is in use.', next: 'End its sessions and deploy again.', retry: 'work' },
  '57014': {
    cause: 'The statement took longer than the remaining time of the invocation.',
    next: 'Deploy again at a quieter time.',
    retry: 'work',
  },
  // permanent
  '28P01': { cause: 'The password is wrong.', next: 'Set the current password in the secret.' },
  '28000': {
    cause: 'The server rejects this user, or requires TLS.',
    next: 'Check user name, TLS and pg_hba.conf.',
  },
  // PgBouncer rejects logins with this code
  '08P01': {
    cause: 'The address is not a PostgreSQL server, but a connection pooler or another service.',
    next: 'Use the address of the server itself.',
  },
  '3D000': {
    cause: 'The database does not exist.',
    next: 'Correct the database name or create it first.',
  },
  '3F000': { cause: 'The schema does not exist.', next: 'Correct the schema name or create it first.' },
  '42501': {
    cause: 'The administrator lacks a privilege.',
    next: 'Use the master user of the server, or ask the owner of the object to grant the privilege.',
  },
  '53100': { cause: 'The disk is full.', next: 'Free disk space and deploy again.' },
  '2BP01': {
    cause: 'Other objects depend on the object.',
    next: 'Drop the dependent objects, then deploy again.',
  },
  CERT_HAS_EXPIRED: { cause: "The server's certificate has expired.", next: 'Renew the certificate.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    cause: "The server's certificate is for another host.",
    next: 'Use the host name in the certificate.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  NO_TLS: {
    cause: 'The server offers no TLS.',
    next: 'Enable TLS on the server, or disable it for this server.',
  },
};

/** The code of the failure where a sql-runner was not deployed for what it is asked for. */
export const NOT_PINNED = 'NotPinned';

/** The code of the failure where a role stays locked, or keeps a password that is not that of the secret. */
export const LOCKED = 'LOCKED';

const KINDS: readonly (readonly [SqlFailureKind, RegExp])[] = [
  ['not-pinned', new RegExp(`^${NOT_PINNED}$`)],
  ['locked', new RegExp(`^${LOCKED}$`)],
  ['unknown-host', /^ENOTFOUND$/],
  ['unavailable', /^(08...|25006|53300|57P0[1235]|ECONNRESET|EPIPE)$/],
  ['login-refused', /^(28P01|28000)$/],
  ['missing', /^3D000$/],
  ['closed', /^55000$/],
  ['denied', /^42501$/],
  ['busy', /^(40001|40P01|23505|53200|55006|55P03|XX000)$/],
  ['timeout', /^(57014|25P0[34])$/],
];

/** Every SQLSTATE has a digit, and no code of Node.js that looks like one. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** The kind of failure behind a code. What is no SQLSTATE is about the connection. */
export function kindOf(code: string | undefined): SqlFailureKind {
  if (code === undefined) return 'failed';
  const [kind] = KINDS.find(([, codes]) => codes.test(code)) ?? [];
  return kind ?? (SQLSTATE.test(code) ? 'failed' : 'unreachable');
}

/** Returns whether a retry may help after an error of `pg` or Node.js. */
export function retryFor(error: unknown): Meaning['retry'] {
  const { code, message } = codeAndMessage(error);
  if (code === 'XX000')
    return /tuple concurrently|could not open relation|cache lookup failed/.test(message)
      ? 'work'
      : undefined;
  return code === undefined ? undefined : MEANINGS[code]?.retry;
}

/** Returns true if a function on the server failed during a statement: the error says nothing about the statement's own objects. */
export function isOfFunction(error: unknown): boolean {
  return Boolean((error as { where?: string } | undefined)?.where) && retryFor(error) === undefined;
}

/** Returns code and message of an error, also for errors that `pg` throws without a code. */
export function codeAndMessage(error: unknown): { code?: string; message: string } {
  if (typeof error !== 'object' || error === null) return { message: 'unknown error' };
  // Several addresses were tried: report the first failure.
  const { errors = [error] } = error as { errors?: object[] };
  const { code, message = 'unknown error' } = errors[0] as { code?: unknown; message?: string };
  if (typeof code === 'string') return { code, message };
  if (message === 'timeout expired') return { code: 'ETIMEDOUT', message: 'timeout' };
  if (/^Connection terminated|^Client has encountered a connection error|not queryable/.test(message))
    return { code: 'ECONNRESET', message };
  if (/does not support SSL/.test(message)) return { code: 'NO_TLS', message };
  return { message };
}
