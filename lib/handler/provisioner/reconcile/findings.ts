import type { DatabaseReport, SqlReport } from '../../../private/wire/sql';
import type { FailedStep } from '../sql/verification';
import type { ServerLook } from './server';

/** Something that is not as the deployment left it. */
export interface Finding {
  readonly kind: 'drift' | 'unreadable' | 'writable' | 'verification' | 'skipped' | 'error';
  readonly databaseName?: string;
  /** What it is. */
  readonly finding: string;
  /** What to do, or what was done. */
  readonly next: string;
}

const BY_ITSELF = 'Repaired by this run.';
const DEPLOY = 'Deploy with another `revision`, or let `reconcile` repair it.';

/** What an apply would change in the databases. */
export function driftOfDatabases({ planned = [], statements }: SqlReport, repair: boolean): Finding[] {
  const findings = planned.map(({ databaseName, statement }) => ({
    kind: 'drift' as const,
    databaseName,
    finding: `Lacking: ${statement}`,
    next: repair ? BY_ITSELF : DEPLOY,
  }));
  const more = statements - planned.length;
  return more > 0
    ? [
        ...findings,
        { kind: 'drift', finding: `Lacking: ${more} more statements.`, next: repair ? BY_ITSELF : DEPLOY },
      ]
    : findings;
}

/** What somebody changed on the server, or why nobody looked. */
export function findingsOfServer({ drift, skipped }: ServerLook, repair: boolean): Finding[] {
  if (skipped) return [{ kind: 'skipped', finding: skipped, next: 'The next run looks again.' }];
  const next = repair ? BY_ITSELF : DEPLOY;
  return drift.map((finding) => ({ kind: 'drift', finding, next }));
}

/** What the role can't read though it should, and what it can write though it should not. */
export function findingsIn(databases: readonly DatabaseReport[]): Finding[] {
  return databases.flatMap(({ databaseName, unreadable, writable = [] }) => [
    ...unreadable.map(({ relation, statement }) => ({
      kind: 'unreadable' as const,
      databaseName,
      finding: `Can't be read: ${relation}`,
      next: `Let its owner run: ${statement}`,
    })),
    ...writable.map(({ object, statement }) => ({
      kind: 'writable' as const,
      databaseName,
      finding: `Can be written: ${object}`,
      next: `To end it: ${statement}`,
    })),
  ]);
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
