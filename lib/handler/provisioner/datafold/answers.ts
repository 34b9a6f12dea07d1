/** A data source as Datafold returns it: without password and AWS secret. */
export interface Source {
  readonly id: number;
  readonly name: string;
  /** False if the owner of the API key is neither an administrator nor in a group of the data source. */
  readonly accessible?: boolean;
  readonly type?: string;
  readonly temp_schema?: string | null;
  readonly options?: Readonly<Record<string, unknown>> | null;
}

/** The state of Datafold's own test of a data source. */
export interface TestState {
  readonly status: string;
  readonly steps: readonly TestStep[];
}

/** A step of Datafold's test, with its message. */
export interface TestStep {
  readonly step: string;
  readonly verdict: 'ok' | 'failed' | 'skipped' | 'open';
  readonly message: string;
}

/** Parses a data source. Throws TypeError. */
export function readSource(value: unknown): Source {
  const { id, name } = value as Partial<Source>;
  if (typeof id !== 'number' || typeof name !== 'string') throw new TypeError('not a data source');
  return value as Source;
}

/** Parses the job id of a started test. Throws TypeError. */
export function readJob(value: unknown): number {
  const { job_id } = value as { job_id?: unknown };
  if (typeof job_id !== 'number') throw new TypeError('not a job');
  return job_id;
}

/** Parses the state of a test. Throws TypeError. */
export function readTest(value: unknown): TestState {
  const { status, results } = value as { status?: unknown; results?: unknown };
  if (typeof status !== 'string' || !Array.isArray(results)) throw new TypeError('not a test');
  return { status, steps: results.map(readStep) };
}

function readStep(value: unknown): TestStep {
  const { step, status, result } = value as { step?: unknown; status?: unknown; result?: unknown };
  const { code, message } = (typeof result === 'object' && result !== null ? result : {}) as {
    code?: unknown;
    message?: unknown;
  };
  const text = typeof result === 'string' ? result : message;
  return {
    step: String(step),
    verdict: verdictOf(String(status), typeof code === 'string' ? code.toUpperCase() : undefined),
    message: typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : '',
  };
}

/** Returns the verdict of a step, which can be done and have an ERROR in its result. */
function verdictOf(status: string, code: string | undefined): TestStep['verdict'] {
  if (status === 'failed' || status === 'cancelled') return 'failed';
  if (status !== 'done') return 'open';
  if (code === undefined || code === 'OK') return 'ok';
  return code === 'SKIP' || code === 'SKIPPED' ? 'skipped' : 'failed';
}
