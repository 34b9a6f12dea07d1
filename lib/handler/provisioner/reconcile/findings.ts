import type { DatabaseReport, RelationReport, SqlReport } from '../../../private/wire/sql';
import { reasonOf, type Failure } from '../runtime/failure';
import type { FailedStep } from '../database-access/verification';

/** Something that is not as the deployment left it. */
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
    | 'error';
  readonly databaseName?: string;
  /** What it is. */
  readonly finding: string;
  /** What to do, or what was done. */
  readonly next: string;
}

/** What a look at a server found. */
export interface ServerInspection {
  /** What somebody changed. */
  readonly drift: readonly string[];
  /** Why nobody looked. */
  readonly skipped?: string;
  /** Why it was not repaired. */
  readonly failure?: Failure;
}

const BY_ITSELF = 'Repaired by this run.';
const WITHOUT_SUCCESS = 'This run did not repair it: see the log of the function.';
const DEPLOY = 'Deploy with another `revision`, or let `reconcile` repair it.';

/** What an apply would send. */
export type Missing = Pick<SqlReport, 'planned' | 'statements'>;

/** What is lacking in the databases; `still`: what was so after the repair. */
export function driftOfDatabases({ planned = [], statements }: Missing, still?: Missing): Finding[] {
  const next = (isLeft: boolean) => (still === undefined ? DEPLOY : isLeft ? WITHOUT_SUCCESS : BY_ITSELF);
  const left = still?.planned ?? [];
  const findings: Finding[] = planned.map(({ databaseName, statement }) => ({
    kind: 'drift',
    databaseName,
    finding: `Lacking: ${statement}`,
    next: next(left.some((one) => one.databaseName === databaseName && one.statement === statement)),
  }));
  const more = statements - planned.length;
  if (more > 0)
    findings.push({
      kind: 'drift',
      finding: `Lacking: ${more} more statements.`,
      next: next((still?.statements ?? 0) > left.length),
    });
  return findings;
}

/** Why a look, or a repair, came to no end. */
export function failed(error: unknown): Finding {
  return { kind: 'error', finding: reasonOf(error), next: 'The next run tries again.' };
}

/** What somebody changed on the server, or why nobody looked. */
export function findingsOfServer({ drift, skipped, failure }: ServerInspection, repair: boolean): Finding[] {
  if (skipped) return [{ kind: 'skipped', finding: skipped, next: 'The next run looks again.' }];
  const repaired = failure ? WITHOUT_SUCCESS : BY_ITSELF;
  const next = repair ? repaired : DEPLOY;
  const findings = drift.map((finding): Finding => ({ kind: 'drift', finding, next }));
  return failure ? [...findings, failed(failure)] : findings;
}

/** What the role can't read though it should, or not as a whole, and what it may do though it should only read. */
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
    ...(database.reach ?? []).map((finding) => ({
      kind: 'writable' as const,
      databaseName,
      finding,
      next: 'Run the statements, unless the role is to have these rights.',
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

/** Steps of the verification that failed. What is only unreadable is told relation by relation. */
export function findingsOfSteps(failed: readonly FailedStep[]): Finding[] {
  return failed
    .filter(({ step }) => step !== 'schema_download')
    .map(({ databaseName, step, message }) => ({
      kind: 'verification',
      databaseName,
      finding: `${step}: ${message}`,
      next: 'Datafold will meet the same. Mend it, then test the data source in Datafold.',
    }));
}
