import type { RoleRequest, SqlReport } from '../../../private/wire/sql';
import type { Run } from '../aws/run';
import { invokeSqlRunner, SqlRunFailure } from './invoke';

/** How long a server may be asleep, starting or out of connections. */
const RETRY_WINDOW_MS = 4 * 60_000;
const MAX_PAUSE_MS = 20_000;

/** One request, made anew for each attempt, until the server has answered it. */
export async function invokeWithRetry(
  run: Run,
  sqlRunner: string,
  request: () => Promise<RoleRequest>,
  undoes?: string,
): Promise<SqlReport> {
  const end = run.clock.now() + RETRY_WINDOW_MS;
  for (let pause = 2_000; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await invokeSqlRunner(run, sqlRunner, await request(), undoes);
    } catch (error) {
      const passes = error instanceof SqlRunFailure && error.retryable;
      if (!passes || run.clock.now() + pause > end) throw error;
      await run.pause(pause);
    }
  }
}
