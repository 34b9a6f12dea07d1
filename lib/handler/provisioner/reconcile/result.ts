import type { Continue } from '../runtime/outcome';
import type { Reconciliation } from './properties';
import type { Run } from '../aws/run';
import type { Finding } from './findings';
import type { Measures } from './metrics';

/** The results of a run so far. */
export interface ReconcileResult extends Omit<Measures, 'ReconcileDuration'> {
  readonly findings: readonly Finding[];
  /** `ok` or `declared`, or `pending:` or `failed:` and the reason; absent if the app declares no network path. */
  readonly networkStatus?: string;
}

/** A part of a run; `state` is from the previous invocation. */
export type Part = (
  run: Run,
  task: Reconciliation,
  state: unknown,
) => Promise<Partial<ReconcileResult> | Continue>;

/** The result of an inspection that found nothing. */
export const NOTHING: ReconcileResult = {
  findings: [],
  Unreadable: 0,
  Failing: 0,
  Filtered: 0,
  Drift: 0,
  VerificationFailed: 0,
};

/** Adds the result of a part. */
export function add(result: ReconcileResult, more: Partial<ReconcileResult>): ReconcileResult {
  const { findings, Unreadable, Failing, Filtered, Drift, VerificationFailed, ...network } = {
    ...NOTHING,
    ...more,
  };
  return {
    ...result,
    ...network,
    findings: [...result.findings, ...findings],
    Unreadable: result.Unreadable + Unreadable,
    Failing: result.Failing + Failing,
    Filtered: result.Filtered + Filtered,
    Drift: result.Drift + Drift,
    VerificationFailed: Math.max(result.VerificationFailed, VerificationFailed),
  };
}

/** Removes secrets from the state for the next invocation, which Lambda stores: a finding may quote the server. */
export function withoutSecrets<T>(run: Run, state: T): T {
  const clean = (_: string, value: unknown) => (typeof value === 'string' ? run.clean(value) : value);
  return JSON.parse(JSON.stringify(state, clean)) as T;
}
