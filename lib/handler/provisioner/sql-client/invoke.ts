import type { SqlRequest } from '../../../private/wire/sql';
import type { ReportOf, SqlFailureKind, SqlReports, SqlResponse } from '../../../private/wire/sql-reports';
import { AwsFailure } from '../aws/failure';
import { passesInLambda } from '../runtime/lambda-passing';
import { Failure } from '../runtime/failure';
import type { Run } from '../aws/run';
import { documentation } from '../../../private/references';

/** No session could be opened: a rollback meets the same failure. */
const NO_SESSION: readonly (SqlFailureKind | undefined)[] = [
  'unknown-host',
  'unreachable',
  'unavailable',
  'login-refused',
  'locked',
  'not-pinned',
];

/** What is known of a failed run. */
type FailedRun = Pick<SqlRunFailure, 'retryable'> &
  Partial<Pick<SqlRunFailure, 'code' | 'kind' | 'connected' | 'found'>>;

/** A failed run of the sql-runner. */
export class SqlRunFailure extends Failure {
  override readonly name = 'SqlRunFailure';

  /** True if a later attempt may succeed. */
  readonly retryable: boolean;
  /** The kind that the sql-runner reported; undefined if it crashed or could not be invoked. */
  readonly kind?: SqlFailureKind;
  /** True if the sql-runner logged in, crashed or sent an invalid response: changes may have been committed. */
  readonly connected: boolean;
  /** True if an apply found the role of an earlier run. */
  readonly found: boolean;

  constructor(message: string, { code, retryable, kind, connected = false, found = false }: FailedRun) {
    super(message, code);
    this.retryable = retryable;
    this.kind = kind;
    this.connected = connected;
    this.found = found;
  }

  /** True if the sql-runner reported the failure; false if it crashed or could not be invoked. */
  get reported(): boolean {
    return this.kind !== undefined;
  }

  /** True if the sql-runner logged in and the server refused the statement for good. */
  get refused(): boolean {
    return this.reported && this.connected && !this.retryable;
  }

  /** True if the sql-runner can't be invoked or can't log in: server paused or stopped, no network, changed password. */
  override get tolerateDuringRollback(): boolean {
    return this.reported ? NO_SESSION.includes(this.kind) : !this.connected;
  }

  /** Returns the failure as the end of several runs, one of which may have logged in. */
  after(connected: boolean, more = ''): SqlRunFailure {
    const { code, retryable, kind, found } = this;
    const failed = { code, retryable, kind, connected: this.connected || connected, found };
    return new SqlRunFailure(`${this.message}${more}`, failed);
  }
}

/** Codes after which the function may have run. */
const UNANSWERED = ['Service', 'ServiceUnavailable', 'TimeoutError', 'ECONNRESET', 'EPIPE', 'AbortError'];

/** True unless the run certainly did not log in. */
export function mayHaveConnected(error: unknown): boolean {
  if (error instanceof SqlRunFailure) return error.connected || (!error.reported && isUnanswered(error));
  return error instanceof AwsFailure && error.action === 'lambda:InvokeFunction' && isUnanswered(error);
}

function isUnanswered({ code = '' }: Failure): boolean {
  return UNANSWERED.includes(code);
}

/**
 * Invokes the sql-runner once. Throws SqlRunFailure, or AwsFailure if it is not transient.
 *
 * `undoes` is the physical id of what the request reverts, if it reverts something: its server may have left the app.
 */
export async function invokeSqlRunner<R extends SqlRequest>(
  run: Run,
  sqlRunner: string,
  request: R,
  undoes?: string,
): Promise<ReportOf<R>> {
  const what = `sql-runner ${sqlRunner}, ${request.operation} on ${request.server.host}`;
  const response = await run.call(what, async () => {
    const answer = await run.aws.functions
      .invoke(sqlRunner, JSON.stringify({ ...request, turn: run.turn }), run.softDeadline)
      .catch((error: unknown) => {
        if (error instanceof Failure && isUnanswered(error)) run.lostRuns += 1;
        if (passesInLambda(error))
          throw new SqlRunFailure(error.message, { code: error.code, retryable: true });
        throw error;
      });
    if (answer.functionError) throw crash(sqlRunner, answer.payload);
    return parseResponse(sqlRunner, request, answer.payload);
  });
  if (response.ok) return response.report;
  const { kind, message, code, retryable, connected, found, notices = [] } = response.error;
  if (kind === 'not-pinned' && (await mayUndo(run, request, undoes)))
    return invokeSqlRunner(run, sqlRunner, { ...request, confirmed: true });
  logNotices(run, notices);
  run.log.warn('the sql-runner reports a failure', { kind, code, error: message, retryable });
  throw new SqlRunFailure(message, { code, retryable, kind, connected, found });
}

/** True if the server of a request left the app with the work that the request reverts. */
async function mayUndo(run: Run, request: SqlRequest, undoes: string | undefined): Promise<boolean> {
  const isUndoing = request.operation === 'remove' || request.operation === 'exclude-from-log';
  if (!isUndoing || request.confirmed || undoes === undefined) return false;
  return run.isConfirmed(undoes);
}

/** Logs the notices of a run. */
export function logNotices(run: Run, notices: readonly string[]): void {
  for (const notice of notices) run.log.info('notice of the sql-runner', { notice });
}

/** A part of each report that another release may lack. */
const REQUIRED: { readonly [O in SqlRequest['operation']]: keyof SqlReports[O] } = {
  apply: 'databases',
  remove: 'finished',
  verify: 'databases',
  plan: 'planned',
  'set-password': 'changed',
  'try-password': 'changed',
  prove: 'logStatement',
  'exclude-from-log': 'notices',
  resolve: 'addresses',
};

function parseResponse<R extends SqlRequest>(
  sqlRunner: string,
  { operation }: R,
  payload: string,
): SqlResponse<R> {
  try {
    const response = JSON.parse(payload) as SqlResponse<R>;
    if (response.ok === true && REQUIRED[operation] in response.report) return response;
    if (response.ok === false && typeof response.error.kind === 'string') return response;
  } catch {
    // not JSON
  }
  const cause =
    'Constructs and functions are of different releases, or the function is not ours. Deploy again.';
  throw new SqlRunFailure(`The sql-runner ${sqlRunner} sent an invalid response. ${cause}`, {
    retryable: false,
    connected: true,
  });
}

const LOG = `Its log group has the details, but is deleted with its stack unless it is retained (${documentation('removal')}, "The log of a removal").`;

/** How the process of a function ended, in Lambda's words: `signal: killed` means out of memory. */
const ENDED = /Runtime exited with error: (signal: \w+|exit status \d+)/;

/** Returns the failure of a crash. The message of the error may hold anything, so only its type is used. */
function crash(sqlRunner: string, payload: string): SqlRunFailure {
  const { errorType, errorMessage } = kindOf(payload);
  const seconds = /Task timed out after ([\d.]+) seconds/.exec(errorMessage)?.[1];
  if (seconds !== undefined)
    return new SqlRunFailure(
      `The sql-runner ${sqlRunner} did not end within its ${seconds} seconds: the database hangs or a lock is held. ${LOG}`,
      { code: 'Sandbox.Timedout', retryable: true, connected: true },
    );
  const [ended] = ENDED.exec(errorMessage) ?? [];
  return new SqlRunFailure(
    `The sql-runner ${sqlRunner} crashed with ${errorType}${ended === undefined ? '' : ` (${ended})`}. ${LOG}`,
    { code: errorType, retryable: true, connected: true },
  );
}

function kindOf(payload: string): { errorType: string; errorMessage: string } {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    const plain = typeof errorType === 'string' && /^[\w.]{1,80}$/.test(errorType);
    return { errorType: plain ? errorType : 'Error', errorMessage: String(errorMessage) };
  } catch {
    return { errorType: 'Error', errorMessage: '' };
  }
}
