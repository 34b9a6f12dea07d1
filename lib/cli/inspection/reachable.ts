import { connect } from 'node:net';
import type { Target } from '../../handler/sql-runner/connection/target';
import { Deadline } from '../../handler/sql-runner/deadline';
import { failure } from '../../handler/sql-runner/errors';
import type { ServerAddress } from '../../private/wire/sql';

const CONNECT_TIMEOUT_MS = 3_000;

/** Opens and closes a TCP connection; returns the error code if that fails. */
async function connectionProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on('connect', () => end());
    socket.on('timeout', () => end('ETIMEDOUT'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
}

/** Matches the errors of a machine that does not trust the certificate of the server. */
const NOT_TRUSTED =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF).*)/;

/** The result of work on a server from this machine; `error` is the message for `cause`. */
export type FromHere<T> =
  | { readonly connected: true; readonly result: T }
  | { readonly connected: true; readonly error: string; readonly cause: unknown }
  | { readonly connected: false; readonly reason: string };

/** Does work on a server with the connections of the sql-runner, if this machine reaches the server and trusts its certificate. */
export async function fromHere<T>(
  address: ServerAddress,
  password: string,
  timeoutMs: number,
  work: (target: Target) => Promise<T>,
): Promise<FromHere<T>> {
  const { host, port } = address;
  const problem = await connectionProblem(host, port);
  if (problem !== undefined)
    return { connected: false, reason: `${host}:${port} is not reachable from here (${problem})` };
  const deadline = new Deadline({ getRemainingTimeInMillis: () => timeoutMs });
  try {
    return { connected: true, result: await work({ address, deadline, notices: new Set() }) };
  } catch (cause) {
    const { code = '', message } = failure(cause, [password]);
    if (!NOT_TRUSTED.test(code)) return { connected: true, error: message, cause };
    return {
      connected: false,
      reason: `the certificate of ${host} is not trusted here (${code}; --ca FILE names its authority)`,
    };
  }
}
