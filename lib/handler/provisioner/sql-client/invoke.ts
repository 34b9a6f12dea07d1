import {
  type RoleRequest,
  type SqlFailureKind,
  type SqlReport,
  type SqlRequest,
  type SqlResponse,
} from '../../../private/wire/sql';
import { AwsFailure } from '../aws/failure';
import { passesInLambda } from '../runtime/lambda-passing';
import { Failure } from '../runtime/failure';
import type { Run } from '../aws/run';

/** The run got into no session that could be worked in: a rollback meets the same. */
const NO_SESSION: readonly (SqlFailureKind | undefined)[] = [
  'unknown-host',
  'unreachable',
  'unavailable',
  'login-refused',
  'locked',
  'not-pinned',
];

/** A run of the sql-runner that came to nothing. */
export class SqlRunFailure extends Failure {
  override readonly name = 'SqlRunFailure';

  constructor(
    message: string,
    code: string | undefined,
    /** True where a later try may do. */
    readonly retryable: boolean,
    /** As the sql-runner itself says; undefined where it crashed or could not be invoked. */
    readonly kind?: SqlFailureKind,
    /** True where the sql-runner had got into the server, crashed or talked nonsense: something may have been committed. */
    readonly connected = false,
    /** True where an apply had found the role made by an earlier run. */
    readonly found = false,
  ) {
    super(message, code);
  }

  /** True where the sql-runner itself says so; false where it crashed or could not be invoked. */
  get reported(): boolean {
    return this.kind !== undefined;
  }

  /** True where the sql-runner got into the server and could not do it there, now or later. */
  get refused(): boolean {
    return this.reported && this.connected && !this.retryable;
  }

  /** The sql-runner can't be invoked, or can't get into the server: asleep, stopped, no network, another password. */
  override get tolerateDuringRollback(): boolean {
    return this.reported ? NO_SESSION.includes(this.kind) : !this.connected;
  }

  /** The same failure as the end of several runs, of which one may have got into the server. */
  after(connected: boolean, more = ''): SqlRunFailure {
    return new SqlRunFailure(
      `${this.message}${more}`,
      this.code,
      this.retryable,
      this.kind,
      this.connected || connected,
      this.found,
    );
  }
}

/** Codes after which nobody knows whether the function ran. */
const UNANSWERED = ['Service', 'ServiceUnavailable', 'TimeoutError', 'ECONNRESET', 'EPIPE', 'AbortError'];

/** True unless it is certain that the run did not get into the server. */
export function mayHaveConnected(error: unknown): boolean {
  if (error instanceof SqlRunFailure) return error.connected || (!error.reported && isUnanswered(error));
  return error instanceof AwsFailure && error.action === 'lambda:InvokeFunction' && isUnanswered(error);
}

function isUnanswered({ code = '' }: Failure): boolean {
  return UNANSWERED.includes(code);
}

/**
 * One run of the sql-runner; fails with a SqlRunFailure or an AwsFailure that does not pass.
 *
 * `undoes` is the physical id of what the request undoes, if it does: its server may have left the app.
 */
export async function invokeSqlRunner(
  run: Run,
  sqlRunner: string,
  request: SqlRequest | RoleRequest,
  undoes?: string,
): Promise<SqlReport> {
  const what = `sql-runner ${sqlRunner}, ${request.operation} on ${request.server.host}`;
  const response = await run.call(what, async () => {
    const answer = await run.aws.functions
      .invoke(sqlRunner, JSON.stringify({ ...request, turn: run.turn }), run.softDeadline)
      .catch((error: unknown) => {
        if (error instanceof Failure && isUnanswered(error)) run.lostRuns += 1;
        if (passesInLambda(error)) throw new SqlRunFailure(error.message, error.code, true);
        throw error;
      });
    if (answer.functionError) throw crash(sqlRunner, answer.payload);
    return parseResponse(sqlRunner, answer.payload);
  });
  if (response.ok) return response.report;
  const { kind, message, code, retryable, connected, found, notices = [] } = response.error;
  if (kind === 'not-pinned' && (await mayUndo(run, request, undoes)))
    return invokeSqlRunner(run, sqlRunner, { ...request, confirmed: true } as SqlRequest | RoleRequest);
  tellNotices(run, notices);
  run.log.warn('the sql-runner reports a failure', { kind, code, error: message, retryable });
  throw new SqlRunFailure(message, code, retryable, kind, connected, found);
}

/** Whether the server of a request left the app with the work that the request undoes. */
async function mayUndo(
  run: Run,
  request: SqlRequest | RoleRequest,
  undoes: string | undefined,
): Promise<boolean> {
  const isUndoing = request.operation === 'remove' || request.operation === 'exclude-from-log';
  if (!isUndoing || request.confirmed || undoes === undefined) return false;
  return run.isConfirmed(undoes);
}

/** Writes down what a person should know of a run. */
export function tellNotices(run: Run, notices: readonly string[]): void {
  for (const notice of notices) run.log.info('notice of the sql-runner', { notice });
}

function parseResponse(sqlRunner: string, payload: string): SqlResponse {
  try {
    const response = JSON.parse(payload) as SqlResponse;
    if (response.ok === true && Array.isArray(response.report.databases)) return response;
    if (response.ok === false && typeof response.error.kind === 'string') return response;
  } catch {
    // said below
  }
  const cause =
    'Constructs and functions are of different releases, or the function is not ours. Deploy again.';
  throw new SqlRunFailure(
    `The sql-runner ${sqlRunner} gave an answer that can't be understood. ${cause}`,
    undefined,
    false,
    undefined,
    true,
  );
}

const LOG =
  'Its log group has the details, but goes with its stack unless it is kept (README, "The log of a removal").';

/** In Lambda's own words, how the process of a function ended: `signal: killed` is a lack of memory. */
const ENDED = /Runtime exited with error: (signal: \w+|exit status \d+)/;

/** What the function threw itself may quote anything, so only its kind is told. */
function crash(sqlRunner: string, payload: string): SqlRunFailure {
  const { errorType, errorMessage } = kindOf(payload);
  const seconds = /Task timed out after ([\d.]+) seconds/.exec(errorMessage)?.[1];
  if (seconds !== undefined)
    return new SqlRunFailure(
      `The sql-runner ${sqlRunner} did not end within its ${seconds} seconds: the database hangs or a lock is held. ${LOG}`,
      'Sandbox.Timedout',
      true,
      undefined,
      true,
    );
  const [ended] = ENDED.exec(errorMessage) ?? [];
  return new SqlRunFailure(
    `The sql-runner ${sqlRunner} crashed with ${errorType}${ended === undefined ? '' : ` (${ended})`}. ${LOG}`,
    errorType,
    true,
    undefined,
    true,
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
