import type { Functions } from '../../handler/provisioner/aws/ports';
import { verify } from '../../handler/sql-runner/verify/verify';
import { Deadline } from '../../handler/sql-runner/deadline';
import { failure } from '../../handler/sql-runner/errors';
import type { VerifyRequest } from '../../private/wire/sql';
import type { SqlResponse } from '../../private/wire/sql-reports';
import { connectionProblem, NOT_TRUSTED } from '../inspection/reachable';
import type { Attempt } from './ports';

const VERIFY_TIMEOUT_MS = 120_000;
/** Verifies from this machine, with the sql-runner's code, if the server can be reached. */
export async function verifyFromHere(request: VerifyRequest): Promise<Attempt> {
  const { host, port } = request.server;
  const problem = await connectionProblem(host, port);
  if (problem !== undefined)
    return { connected: false, reason: `${host}:${port} is not reachable from here (${problem})` };
  try {
    const deadline = new Deadline({ getRemainingTimeInMillis: () => VERIFY_TIMEOUT_MS });
    return {
      connected: true,
      databases: await verify({ address: request.server, deadline, notices: new Set() }, request),
    };
  } catch (error) {
    const { code = '', message } = failure(error, [request.password]);
    if (!NOT_TRUSTED.test(code)) return { connected: true, error: message };
    return {
      connected: false,
      reason: `the certificate of ${host} is not trusted here (${code}; --ca FILE names its authority)`,
    };
  }
}

/** Verifies with the stack's sql-runner function, which can reach the server. */
export async function verifyByFunction(
  functions: Functions,
  name: string,
  request: VerifyRequest,
): Promise<Attempt> {
  const { payload, functionError } = await functions.invoke(name, JSON.stringify(request));
  if (functionError !== undefined)
    return { connected: true, error: `The function ${name} crashed; its log group has the details.` };
  const response = JSON.parse(payload) as SqlResponse<VerifyRequest>;
  return response.ok
    ? { connected: true, databases: response.report.databases }
    : { connected: true, error: response.error.message };
}
