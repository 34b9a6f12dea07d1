import type { AccessRequest, Login, SqlRequest } from '../../../private/wire/sql';
import type { ApplyReport, ReportOf } from '../../../private/wire/sql-reports';
import type { Run } from '../aws/run';
import { Continue } from '../runtime/outcome';
import { pauseAfter, retry, within } from '../runtime/retry';
import { invokeSqlRunner, mayHaveConnected, SqlRunFailure, logNotices } from './invoke';

/** How long a server may be paused, starting or out of connections. */
const RETRY_WINDOW_MS = 5 * 60_000;
const BACKOFF = { firstPauseMs: 2_000, maxPauseMs: 20_000 };
/** RDS sets a rotated password a moment before the secret has it. */
const ROTATION_MS = 3_000;
const MAX_IDLE_RUNS = 3;

/** Work of the sql-runner that may take several runs. */
export interface Convergence<R extends AccessRequest = AccessRequest> {
  readonly sqlRunner: string;
  /** Builds the request for each run: RDS may rotate the administrator's password at any time. */
  readonly request: () => Promise<R>;
  /** The physical id of what the request reverts, if it reverts something. */
  readonly undoes?: string;
  /** Returns true if a transient failure is not retried any longer. */
  readonly giveUp?: (failure: SqlRunFailure, attempt: number) => boolean;
  /** Called once a run has logged in, or may have; `found`: the first run found an existing role. */
  readonly onConnected?: (found: boolean) => void;
}

interface Progress {
  /** The start of the current series of failures. */
  readonly failingSince?: number;
  /** True if a run has logged in, or may have. */
  readonly connected?: boolean;
  /** True if the first of these runs found an existing role. */
  readonly found?: boolean;
}

/** Runs the sql-runner until the request is carried out. */
export async function converge<R extends AccessRequest>(
  run: Run,
  desired: Convergence<R>,
  state: unknown,
): Promise<ReportOf<R> | Continue> {
  let { failingSince, connected, found } = (state ?? {}) as Progress;
  const noteConnected = (now: boolean | undefined, foundNow?: boolean) => {
    if (!connected && foundNow) found = true;
    connected ||= now;
    if (connected) desired.onConnected?.(found === true);
  };
  noteConnected(connected, found);
  const inNextInvocation = () => new Continue({ failingSince, connected, found } satisfies Progress);
  let idleRuns = 0;
  for (let attempt = 1; ; attempt++) {
    if (!run.worthStarting) return inNextInvocation();
    try {
      const report = await runOnce(run, desired);
      const {
        finished = true,
        found: foundNow,
        notices = [],
        statements = 0,
      } = report as Partial<ApplyReport>;
      noteConnected(true, foundNow);
      if (finished) return report;
      logNotices(run, notices);
      failingSince = undefined;
      attempt = 0;
      idleRuns = statements > 0 ? 0 : idleRuns + 1;
      if (idleRuns === MAX_IDLE_RUNS) throw noProgress(desired.sqlRunner);
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

/** A refused login is final only if the secret has not changed. */
async function runOnce<R extends AccessRequest>(
  run: Run,
  { sqlRunner, request, undoes }: Convergence<R>,
): Promise<ReportOf<R>> {
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

function loginOf(request: AccessRequest): Login {
  if (request.operation !== 'verify') return request.admin;
  return { user: request.access.roleName, password: request.password };
}

function loginRefused(error: unknown): boolean {
  return error instanceof SqlRunFailure && error.kind === 'login-refused';
}

function noProgress(sqlRunner: string): SqlRunFailure {
  const text = `The sql-runner ${sqlRunner} times out repeatedly before it changes anything. Check what the database waits for (pg_stat_activity, pg_locks), then deploy again.`;
  return new SqlRunFailure(text, { retryable: false });
}

/** How long a server may be paused, starting or out of connections. */
const ANSWER_WINDOW_MS = 4 * 60_000;
const ANSWER_BACKOFF = { firstPauseMs: 2_000, maxPauseMs: 20_000 };

/** Repeats one request, rebuilt for each attempt, until the server has answered. */
export async function invokeUntilAnswered<R extends SqlRequest>(
  run: Run,
  sqlRunner: string,
  request: () => Promise<R>,
  undoes?: string,
): Promise<ReportOf<R>> {
  const isInTime = within(ANSWER_WINDOW_MS);
  return retry(
    run,
    ANSWER_BACKOFF,
    async () => invokeSqlRunner(run, sqlRunner, await request(), undoes),
    (error, attempt) => error instanceof SqlRunFailure && error.retryable && isInTime(attempt),
  );
}
