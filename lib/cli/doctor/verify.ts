import type { Functions } from '../../handler/provisioner/aws/ports';
import { verify } from '../../handler/sql-runner/verify/verify';
import type { VerifyRequest } from '../../private/wire/sql';
import type { SqlResponse } from '../../private/wire/sql-reports';
import { fromHere } from '../inspection/reachable';
import type { Attempt } from './ports';

const VERIFY_TIMEOUT_MS = 120_000;

/** Verifies from this machine, with the sql-runner's code, if the server can be reached. */
export async function verifyFromHere(request: VerifyRequest): Promise<Attempt> {
  const attempt = await fromHere(request.server, request.password, VERIFY_TIMEOUT_MS, async (target) =>
    verify(target, request),
  );
  return 'result' in attempt ? { connected: true, databases: attempt.result } : attempt;
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
