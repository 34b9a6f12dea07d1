import type { Login, RoleRequest, SqlReport, SqlRequest } from '../../../private/wire/sql';
import type { Run } from '../aws/run';
import { Continue } from '../runtime/outcome';
import { pauseAfter, retry, within } from '../runtime/retry';
import { invokeSqlRunner, mayHaveConnected, SqlRunFailure, tellNotices } from './invoke';

/** How long a server may be asleep, starting or out of connections. */
const RETRY_WINDOW_MS = 5 * 60_000;
const BACKOFF = { firstPauseMs: 2_000, maxPauseMs: 20_000 };
/** RDS sets a rotated password a moment before the secret says so. */
const ROTATION_MS = 3_000;
const MAX_IDLE_RUNS = 3;

export interface Convergence {
  readonly sqlRunner: string;
  /** Made anew for each run: RDS changes the password of the admin when it likes. */
  readonly request: () => Promise<SqlRequest>;
  /** The physical id of what the request undoes, if it does. */
  readonly undoes?: string;
  /** True where a failure that may pass is waited for no longer. */
  readonly giveUp?: (failure: SqlRunFailure, attempt: number) => boolean;
  /** Called once some run has got into the server, or may have; says whether the first one found the role made before. */
  readonly onConnected?: (found: boolean) => void;
}

interface Progress {
  /** Since when the failures go on without a success between. */
  readonly failingSince?: number;
  /** True where some run had got into the server, or may have. */
  readonly connected?: boolean;
  /** True where the first of them found the role made before. */
  readonly found?: boolean;
}

/** Runs the sql-runner until the server is as wanted. */
export async function converge(
  run: Run,
  desired: Convergence,
  state: unknown,
): Promise<SqlReport | Continue> {
  let { failingSince, connected, found } = (state ?? {}) as Progress;
  const noteConnected = (now: boolean | undefined, foundNow?: boolean) => {
    if (!connected && foundNow) found = true;
    connected ||= now;
    if (connected) desired.onConnected?.(found === true);
  };
  noteConnected(connected, found);
  const inNextInvocation = () => new Continue({ failingSince, connected, found } satisfies Progress);
  let idle = 0;
  for (let attempt = 1; ; attempt++) {
    if (!run.worthStarting) return inNextInvocation();
    try {
      const report = await runOnce(run, desired);
      noteConnected(true, report.found);
      if (report.finished) return report;
      tellNotices(run, report.notices);
      failingSince = undefined;
      attempt = 0;
      idle = report.statements > 0 ? 0 : idle + 1;
      if (idle === MAX_IDLE_RUNS) throw noProgress(desired.sqlRunner);
    } catch (error) {
      noteConnected(mayHaveConnected(error), error instanceof SqlRunFailure && error.found);
      if (run.softDeadline.aborted) return inNextInvocation();
      if (!(error instanceof SqlRunFailure)) throw error;
      if (!error.retryable || desired.giveUp?.(error, attempt)) throw error.after(connected === true);
      failingSince ??= run.clock.now();
      if (run.clock.now() - failingSince >= RETRY_WINDOW_MS)
        throw error.after(connected === true, ' Retried for 5 minutes without success.');
      await run.pause(pauseAfter(BACKOFF, attempt));
    }
  }
}

/** A refused login counts only if the secret still says the same. */
async function runOnce(run: Run, { sqlRunner, request, undoes }: Convergence): Promise<SqlReport> {
  const first = await request();
  try {
    return await invokeSqlRunner(run, sqlRunner, first, undoes);
  } catch (error) {
    if (!loginRefused(error)) throw error;
    await run.pause(ROTATION_MS);
    const second = await request();
    const [before, now] = [loginOf(first), loginOf(second)];
    if (now.password === before.password && now.user === before.user) throw error;
    return invokeSqlRunner(run, sqlRunner, second, undoes);
  }
}

function loginOf(request: SqlRequest): Login {
  if (request.operation !== 'verify') return request.admin;
  return { user: request.access.roleName, password: request.password };
}

function loginRefused(error: unknown): boolean {
  return error instanceof SqlRunFailure && error.kind === 'login-refused';
}

function noProgress(sqlRunner: string): SqlRunFailure {
  const text = `The sql-runner ${sqlRunner} runs out of time again and again before it changes anything. Find out what the database waits for (pg_stat_activity, pg_locks), then deploy again.`;
  return new SqlRunFailure(text, undefined, false);
}

/** How long a server may be asleep, starting or out of connections. */
const ANSWER_WINDOW_MS = 4 * 60_000;
const ANSWER_BACKOFF = { firstPauseMs: 2_000, maxPauseMs: 20_000 };

/** One request, made anew for each attempt, until the server has answered it. */
export async function invokeUntilAnswered(
  run: Run,
  sqlRunner: string,
  request: () => Promise<RoleRequest>,
  undoes?: string,
): Promise<SqlReport> {
  const isInTime = within(ANSWER_WINDOW_MS);
  return retry(
    run,
    ANSWER_BACKOFF,
    async () => invokeSqlRunner(run, sqlRunner, await request(), undoes),
    (error, attempt) => error instanceof SqlRunFailure && error.retryable && isInTime(attempt),
  );
}
