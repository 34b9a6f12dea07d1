import type { SqlRequest } from '../../private/wire/sql';
import type { SqlResponse } from '../../private/wire/sql-reports';
import { answer } from './answer';
import type { RunContext } from './deadline';
import { pinsOf } from './pinned';

/** The Lambda handler. It accepts only requests for the servers that it was deployed for. */
export async function handler(request: SqlRequest, context?: RunContext): Promise<SqlResponse> {
  return answer(request, context, pinsOf(process.env));
}
