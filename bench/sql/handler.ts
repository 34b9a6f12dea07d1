import { join } from 'node:path';
import type { AccessRequest } from '../../lib/private/wire/sql';
import type { SqlResponse } from '../../lib/private/wire/sql-reports';
import { pinFor } from '../../test/support/requests';

/** The sql-runner as it is deployed. */
export const BUNDLE = join(__dirname, '../../assets/sql-runner/index.js');

/** Runs a request that must succeed, as often as it takes to finish. */
export async function succeed(request: AccessRequest): Promise<void> {
  const { handler } = (await import(BUNDLE)) as { handler(request: AccessRequest): Promise<SqlResponse> };
  process.env.DATAFOLD_SERVERS = JSON.stringify([pinFor(request)]);
  const log = console.log;
  console.log = () => undefined;
  try {
    for (;;) {
      const answer = await handler(request);
      if (!answer.ok) throw new Error(answer.error.message);
      if (!('finished' in answer.report) || answer.report.finished) return;
    }
  } finally {
    console.log = log;
  }
}

/** Milliseconds that the work takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
