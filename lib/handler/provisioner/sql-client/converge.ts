import type { SqlReport, SqlRequest } from '../../../private/wire/sql';
import { ContinueLater } from '../runtime/outcome';
import type { Run } from '../aws/run';
import { invokeSqlRunner, mayHaveReached, SqlRunFailure, tellNotices } from './invoke';

/** How long a server may be asleep, starting or out of connections. */
const PATIENCE = 5 * 60_000;
const LONGEST_PAUSE = 20_000;
/** RDS sets a rotated password a moment before the secret says so. */
const ROTATION = 3_000;
const MOST_IDLE_RUNS = 3;

export interface Convergence {
  readonly sqlRunner: string;
  /** Made anew for each run: RDS changes the password of the admin when it likes. */
  readonly request: () => Promise<SqlRequest>;
  /** The physical id of what the request undoes, if it does. */
  readonly undoes?: string;
  /** True where a failure that may pass is waited for no longer. */
  readonly giveUp?: (failure: SqlRunFailure, attempt: number) => boolean;
  /** Called once some run has got into the server, or may have; says whether the first one found the role made before. */
  readonly onReached?: (found: boolean) => void;
}

interface Progress {
  /** Since when the failures go on without a success between. */
  readonly failingSince?: number;
  /** True where some run had got into the server, or may have. */
  readonly reached?: boolean;
  /** True where the first of them found the role made before. */
  readonly found?: boolean;
}

/** Runs the sql-runner until the server is as wanted. */
export async function converge(
  run: Run,
  wanted: Convergence,
  state: unknown,
): Promise<SqlReport | ContinueLater> {
  let { failingSince, reached, found } = (state ?? {}) as Progress;
  const noteReached = (now: boolean | undefined, foundNow?: boolean) => {
    if (!reached && foundNow) found = true;
    reached ||= now;
    if (reached) wanted.onReached?.(found === true);
  };
  noteReached(reached, found);
  const continueLater = () => new ContinueLater({ failingSince, reached, found } satisfies Progress);
  let idle = 0;
  for (let attempt = 1; ; attempt++) {
    if (!run.worthStarting) return continueLater();
    try {
      const report = await runOnce(run, wanted);
      noteReached(true, report.found);
      if (report.finished) return report;
      tellNotices(run, report.notices);
      failingSince = undefined;
      attempt = 0;
      idle = report.statements > 0 ? 0 : idle + 1;
      if (idle === MOST_IDLE_RUNS) throw noProgress(wanted.sqlRunner);
    } catch (error) {
      noteReached(mayHaveReached(error), error instanceof SqlRunFailure && error.found);
      if (run.handOver.aborted) return continueLater();
      if (!(error instanceof SqlRunFailure)) throw error;
      if (!error.retryable || wanted.giveUp?.(error, attempt)) throw error.after(reached === true);
      failingSince ??= run.clock.now();
      if (run.clock.now() - failingSince >= PATIENCE)
        throw error.after(reached === true, ' Retried for 5 minutes without success.');
      await run.pause(Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE));
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
    await run.pause(ROTATION);
    const second = await request();
    if (second.admin.password === first.admin.password && second.admin.user === first.admin.user) throw error;
    return invokeSqlRunner(run, sqlRunner, second, undoes);
  }
}

/** invalid_password, invalid_authorization_specification. */
function loginRefused(error: unknown): boolean {
  return error instanceof SqlRunFailure && (error.code === '28P01' || error.code === '28000');
}

function noProgress(sqlRunner: string): SqlRunFailure {
  const text = `The sql-runner ${sqlRunner} runs out of time again and again before it changes anything. Find out what the database waits for (pg_stat_activity, pg_locks), then deploy again.`;
  return new SqlRunFailure(text, undefined, false);
}
