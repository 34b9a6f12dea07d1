import type { SqlReport, SqlRequest, SqlResponse } from '../../private/wire/sql';
import { apply, verify } from './apply';
import { Deadline, type RunContext } from './deadline';
import { failure } from './errors';
import { log } from './log';
import { rehearse } from './rehearse';
import { remove } from './remove';

/** The function's entry: does what is asked, and answers failures instead of throwing them. */
export async function handler(request: SqlRequest, context?: RunContext): Promise<SqlResponse> {
  const started = Date.now();
  const { operation, access } = request;
  try {
    const report = await run(request, new Deadline(context));
    const { finished, statements, notices } = report;
    log('done', { operation, role: access.roleName, finished, statements, ms: Date.now() - started });
    for (const notice of notices) log(notice, { operation, role: access.roleName });
    return { ok: true, report };
  } catch (error) {
    const told = failure(error, secretsOf(request));
    log('failed', {
      operation,
      role: access.roleName,
      code: told.code,
      message: told.message,
      ms: Date.now() - started,
    });
    return { ok: false, error: told };
  }
}

async function run(request: SqlRequest, deadline: Deadline): Promise<SqlReport> {
  const target = { address: request.server, deadline };
  switch (request.operation) {
    case 'apply':
      return apply(target, request);
    case 'remove':
      return remove(target, request);
    case 'plan':
      return rehearse(target, request);
    case 'verify':
      return { finished: true, statements: 0, databases: await verify(target, request, true), notices: [] };
    default:
      throw new Error(`unknown operation ${(request as { operation: string }).operation}`);
  }
}

function secretsOf(request: SqlRequest): string[] {
  return [request.admin.password, ...('password' in request ? [request.password] : [])];
}
