import type { Continue } from '../runtime/outcome';
import type { Reconciliation } from './properties';
import type { Run } from '../aws/run';
import type { Finding } from './findings';
import type { Measures } from './metrics';

/** What a look has seen so far. */
export interface ReconcileResult extends Omit<Measures, 'ReconcileDuration'> {
  readonly findings: readonly Finding[];
}

/** A part of a look; `state` is what it left in the invocation before. */
export type Part = (
  run: Run,
  task: Reconciliation,
  state: unknown,
) => Promise<Partial<ReconcileResult> | Continue>;

export const NOTHING: ReconcileResult = {
  findings: [],
  Unreadable: 0,
  Failing: 0,
  Filtered: 0,
  Drift: 0,
  VerificationFailed: 0,
};

/** Both together. */
export function add(seen: ReconcileResult, more: Partial<ReconcileResult>): ReconcileResult {
  const { findings, Unreadable, Failing, Filtered, Drift, VerificationFailed } = { ...NOTHING, ...more };
  return {
    findings: [...seen.findings, ...findings],
    Unreadable: seen.Unreadable + Unreadable,
    Failing: seen.Failing + Failing,
    Filtered: seen.Filtered + Filtered,
    Drift: seen.Drift + Drift,
    VerificationFailed: Math.max(seen.VerificationFailed, VerificationFailed),
  };
}

/** A finding may quote the server; what goes to the next invocation is kept by Lambda. */
export function withoutSecrets<T>(run: Run, state: T): T {
  const clean = (_: string, value: unknown) => (typeof value === 'string' ? run.clean(value) : value);
  return JSON.parse(JSON.stringify(state, clean)) as T;
}
