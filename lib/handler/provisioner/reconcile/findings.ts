import type { DatabaseReport, RelationReport, PlanReport } from '../../../private/wire/sql-reports';
import { reasonOf, type Failure } from '../runtime/failure';
import type { FailedStep } from '../database-access/verification';

/** A difference from the deployed state, or another problem. */
export interface Finding {
  readonly kind:
    | 'drift'
    | 'unreadable'
    | 'failing'
    | 'filtered'
    | 'unproven'
    | 'setting'
    | 'writable'
    | 'verification'
    | 'skipped'
    | 'lost-log'
    | 'network'
    | 'error';
  readonly databaseName?: string;
  /** The problem, in a sentence. */
  readonly finding: string;
  /** What to do, or what this run did. */
  readonly next: string;
}

/** The result of the inspection of a server. */
export interface ServerInspection {
  /** The differences from the deployed state. */
  readonly drift: readonly string[];
  /** Why the server was not inspected. */
  readonly skipped?: string;
  /** Why the repair failed. */
  readonly failure?: Failure;
}

const BY_ITSELF = 'Repaired by this run.';
const WITHOUT_SUCCESS = 'Not repaired by this run: see the log of the function.';
const DEPLOY = 'Deploy with another `revision`, or let `reconcile` repair it.';

/** The statements that an apply would send. */
export type Missing = Pick<PlanReport, 'planned' | 'statements'>;

/** Returns a finding for each missing statement; `still` are the statements that are missing after the repair. */
export function driftOfDatabases({ planned, statements }: Missing, still?: Missing): Finding[] {
  const next = (isLeft: boolean) => (still === undefined ? DEPLOY : isLeft ? WITHOUT_SUCCESS : BY_ITSELF);
  const left = still?.planned ?? [];
  const findings: Finding[] = planned.map(({ databaseName, statement }) => ({
    kind: 'drift',
    databaseName,
    finding: `Missing: ${statement}`,
    next: next(left.some((one) => one.databaseName === databaseName && one.statement === statement)),
  }));
  const more = statements - planned.length;
  if (more > 0)
    findings.push({
      kind: 'drift',
      finding: `Missing: ${more} more statements.`,
      next: next((still?.statements ?? 0) > left.length),
    });
  return findings;
}

/** Returns the finding for a failed inspection or repair. */
export function failed(error: unknown): Finding {
  return { kind: 'error', finding: reasonOf(error), next: 'The next run tries again.' };
}

/** Returns the findings of the inspection of a server. */
export function findingsOfServer({ drift, skipped, failure }: ServerInspection, repair: boolean): Finding[] {
  if (skipped) return [{ kind: 'skipped', finding: skipped, next: 'The next run checks again.' }];
  const repaired = failure ? WITHOUT_SUCCESS : BY_ITSELF;
  const next = repair ? repaired : DEPLOY;
  const findings = drift.map((finding): Finding => ({ kind: 'drift', finding, next }));
  return failure ? [...findings, failed(failure)] : findings;
}

/** Returns findings for relations that the role can't read completely, and for privileges beyond reading. */
export function findingsIn(databases: readonly DatabaseReport[]): Finding[] {
  return databases.flatMap(({ databaseName, unreadable, writable = [], settings = [], ...database }) => [
    ...unreadable.map(({ relation, statement }) => ({
      kind: 'unreadable' as const,
      databaseName,
      finding: `Can't be read: ${relation}`,
      next: `Ask its owner to run: ${statement}`,
    })),
    ...relationFindings(databaseName, 'failing', 'Reading fails', database.failing),
    ...relationFindings(databaseName, 'filtered', 'Rows may be hidden', database.filtered),
    ...relationFindings(databaseName, 'unproven', 'Not known to be readable', database.unproven),
    ...settings.map(({ setting, value, effect, statement }) => ({
      kind: 'setting' as const,
      databaseName,
      finding: `${setting} is ${value}, so ${effect}.`,
      next: `To end it: ${statement}`,
    })),
    ...writable.map(({ object, statement }) => ({
      kind: 'writable' as const,
      databaseName,
      finding: `More than reading: ${object}`,
      next: `To end it: ${statement}`,
    })),
    ...(database.furtherAccess ?? []).map((finding) => ({
      kind: 'writable' as const,
      databaseName,
      finding,
      next: 'Run the statements unless the role needs these privileges.',
    })),
  ]);
}

function relationFindings(
  databaseName: string,
  kind: 'failing' | 'filtered' | 'unproven',
  what: string,
  relations: readonly RelationReport[] = [],
): Finding[] {
  return relations.map(({ relation, reason, next }) => ({
    kind,
    databaseName,
    finding: `${what}: ${relation}: ${reason}.`,
    next: `To end it: ${next}`,
  }));
}

/** Returns findings for failed steps of the verification. Unreadable relations have findings of their own. */
export function findingsOfSteps(failed: readonly FailedStep[]): Finding[] {
  return failed
    .filter(({ step }) => step !== 'schema_download')
    .map(({ databaseName, step, message }) => ({
      kind: 'verification',
      databaseName,
      finding: `${step}: ${message}`,
      next: 'Datafold will fail in the same way. Fix the cause, then test the data source in Datafold.',
    }));
}
