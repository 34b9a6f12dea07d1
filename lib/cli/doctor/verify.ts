import { connect } from 'node:net';
import type { Functions } from '../../handler/provisioner/aws/ports';
import { verify } from '../../handler/sql-runner/verify/verify';
import { Deadline } from '../../handler/sql-runner/deadline';
import { failure } from '../../handler/sql-runner/errors';
import type { SqlResponse, VerifyRequest } from '../../private/wire/sql';
import type { Attempt } from './ports';

const REACH_WITHIN = 3_000;
const VERIFY_WITHIN = 120_000;
/** A laptop need not know the authorities of RDS; the function does. */
const NOT_TRUSTED =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF).*)/;

/** By the sql-runner's own code, where the network lets it. */
export async function verifyFromHere(request: VerifyRequest): Promise<Attempt> {
  const { host, port } = request.server;
  const trouble = await reach(host, port);
  if (trouble !== undefined)
    return { reached: false, because: `${host}:${port} is not reachable from here (${trouble})` };
  try {
    const deadline = new Deadline({ getRemainingTimeInMillis: () => VERIFY_WITHIN });
    return {
      reached: true,
      databases: await verify({ address: request.server, deadline, notices: new Set() }, request),
    };
  } catch (error) {
    const { code = '', message } = failure(error, [request.password]);
    if (!NOT_TRUSTED.test(code)) return { reached: true, error: message };
    return {
      reached: false,
      because: `the certificate of ${host} is not trusted here (${code}; --ca FILE names its authority)`,
    };
  }
}

/** By the function of the stack, which has the network. */
export async function verifyByFunction(
  functions: Functions,
  name: string,
  request: VerifyRequest,
): Promise<Attempt> {
  const { payload, functionError } = await functions.invoke(name, JSON.stringify(request));
  if (functionError !== undefined)
    return { reached: true, error: `The function ${name} crashed; its log group has the details.` };
  const response = JSON.parse(payload) as SqlResponse;
  return response.ok
    ? { reached: true, databases: response.report.databases }
    : { reached: true, error: response.error.message };
}

/** The code of the failure, if the port can't be reached. */
async function reach(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: REACH_WITHIN });
    const end = (trouble?: string) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.on('connect', () => end());
    socket.on('timeout', () => end('ETIMEDOUT'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
}
