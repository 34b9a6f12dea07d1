/** What a code means for a person, and whether waiting helps. */
export interface Meaning {
  readonly cause: string;
  readonly next: string;
  /** `connect`: try to connect again; `work`: also run the unit of work again; neither: fail at once. */
  readonly retry?: 'connect' | 'work';
}

const CHECK_NETWORK =
  'Check host and port, and that the security group of the database lets the sql-runner in.';
const WAIT = 'Deploy again when the server is up.';
const LOST = { cause: 'The connection was lost.', next: WAIT, retry: 'work' } as const;
const BUSY = {
  cause: 'Another session changed the same thing.',
  next: 'Deploy again.',
  retry: 'work',
} as const;
const NOT_TRUSTED = {
  cause: "The server's certificate is not signed by a trusted authority.",
  next: 'Give its authority as caCertificate.',
} as const;

/** SQLSTATEs and the error codes of Node.js that a run may meet. */
export const MEANINGS: Readonly<Record<string, Meaning>> = {
  // not there yet
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
    cause: 'Nothing listens there: wrong port, or the server is down.',
    next: CHECK_NETWORK,
    retry: 'connect',
  },
  ETIMEDOUT: {
    cause: 'No answer: asleep, or the network does not let the connection through.',
    next: CHECK_NETWORK,
    retry: 'connect',
  },
  EHOSTUNREACH: { cause: 'There is no route to the host.', next: CHECK_NETWORK, retry: 'connect' },
  ENETUNREACH: { cause: 'There is no route to the host.', next: CHECK_NETWORK, retry: 'connect' },
  ENOTFOUND: { cause: 'The host name is not known.', next: 'Check the host name.', retry: 'connect' },
  EAI_AGAIN: {
    cause: 'The name server does not answer.',
    next: 'Check that the VPC resolves DNS names.',
    retry: 'connect',
  },
  ECONNRESET: LOST,
  EPIPE: LOST,
  // in each other's way
  '40001': BUSY,
  '40P01': { ...BUSY, cause: 'Two sessions waited for each other.' },
  '23505': BUSY,
  XX000: BUSY,
  '55P03': {
    cause: 'Another session holds a lock for too long: a migration, or a transaction that was left open.',
    next: 'End it (pg_stat_activity shows it), or deploy again later.',
    retry: 'work',
  },
  '53200': {
    cause: 'Other sessions hold locks on too many tables.',
    next: 'Deploy again at a quieter time, or raise max_locks_per_transaction.',
    retry: 'work',
  },
  // after a failover, the name of the writer leads to the old one for a while
  '25006': {
    cause: 'The server only reads: it is a replica, or it was the writer until a moment ago.',
    next: 'Use the address of the writer.',
    retry: 'work',
  },
  '55006': { cause: 'The object is in use.', next: 'End its sessions and deploy again.', retry: 'work' },
  '57014': {
    cause: 'The statement took longer than the invocation has.',
    next: 'Deploy again at a quieter time.',
    retry: 'work',
  },
  // wrong
  '28P01': { cause: 'The password is wrong.', next: 'Make the secret hold the current password.' },
  '28000': {
    cause: 'The server does not admit this user, or demands TLS.',
    next: 'Check user name, TLS and pg_hba.conf.',
  },
  // PgBouncer refuses logins by it
  '08P01': {
    cause: 'What answers there is not PostgreSQL itself: a connection pooler, or something else.',
    next: 'Give the address of the server itself.',
  },
  '3D000': {
    cause: 'There is no database of that name.',
    next: 'Correct the database name or create it first.',
  },
  '3F000': { cause: 'There is no schema of that name.', next: 'Correct the schema name or create it first.' },
  '42501': {
    cause: 'The admin lacks a privilege.',
    next: 'Use the admin of the server, or let the owner of the object grant it.',
  },
  '53100': { cause: 'The disk is full.', next: 'Make room and deploy again.' },
  '2BP01': { cause: 'Other objects depend on it.', next: 'Remove them or let them go, then deploy again.' },
  CERT_HAS_EXPIRED: { cause: "The server's certificate has expired.", next: 'Renew it.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    cause: "The server's certificate is for another host.",
    next: 'Use the host name that is in it.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  NO_TLS: { cause: 'The server offers no TLS.', next: 'Turn TLS on at the server, or off for this server.' },
};

/** Whether trying again may help, for an error of `pg` or Node.js. */
export function retryFor(error: unknown): Meaning['retry'] {
  const { code, message } = codeAndMessage(error);
  if (code === 'XX000')
    return /tuple concurrently|could not open relation|cache lookup failed/.test(message)
      ? 'work'
      : undefined;
  return code === undefined ? undefined : MEANINGS[code]?.retry;
}

/** True where a function on the server failed in the course of a statement: it says nothing about the statement's own objects. */
export function isOfFunction(error: unknown): boolean {
  return Boolean((error as { where?: string } | undefined)?.where) && retryFor(error) === undefined;
}

/** The code of an error, also of those that `pg` throws without one. */
export function codeAndMessage(error: unknown): { code?: string; message: string } {
  if (typeof error !== 'object' || error === null) return { message: 'unknown error' };
  // Several addresses were tried: the first failure speaks for them.
  const { errors = [error] } = error as { errors?: object[] };
  const { code, message = 'unknown error' } = errors[0] as { code?: unknown; message?: string };
  if (typeof code === 'string') return { code, message };
  if (message === 'timeout expired') return { code: 'ETIMEDOUT', message: 'timeout' };
  if (/^Connection terminated|^Client has encountered a connection error|not queryable/.test(message))
    return { code: 'ECONNRESET', message };
  if (/does not support SSL/.test(message)) return { code: 'NO_TLS', message };
  return { message };
}
