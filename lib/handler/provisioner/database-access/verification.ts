import type { AccessSpec } from '../../../private/wire/sql';
import { withoutConnection } from '../../../private/wire/sql-reports';
import type { DatabaseReport, StepName, VerifyReport } from '../../../private/wire/sql-reports';
import { Failure } from '../runtime/failure';
import { shorten } from '../../shorten';
import type { DatabaseAccess } from './properties';
import { SqlRunFailure } from '../sql-client/invoke';
import type { LineageVerdict } from '../statement-logging/lineage';

const STEPS: readonly StepName[] = ['connection', 'temp_schema', 'schema_download', 'lineage_download'];

/** The attributes for the steps. */
const ATTRIBUTES: Readonly<Record<StepName, string>> = {
  connection: 'ConnectionStep',
  temp_schema: 'TempSchemaStep',
  schema_download: 'SchemaDownloadStep',
  lineage_download: 'LineageDownloadStep',
};

/** A failed step of the verification. */
export interface FailedStep {
  readonly databaseName: string;
  readonly step: StepName;
  readonly message: string;
  /** True if the step only waits for RDS or a reboot. */
  readonly pending: boolean;
  /** How many relations of the database fail when they are read, or may hide rows. */
  readonly incomplete: number;
  /** The first relations that the role may not read, each with the statement that grants it. */
  readonly unreadable: readonly string[];
}

const MAX_LISTED = 5;

/** Replaces the lineage step of the reports, which knows only the value in effect, by the evaluated one. */
export function withLineage(
  databases: readonly DatabaseReport[],
  judge: (logStatement: string | undefined) => LineageVerdict,
): { databases: DatabaseReport[]; pending: boolean } {
  let pending = true;
  const judged = databases.map((database) => {
    const { ok, message, pending: waits } = judge(database.logStatement);
    if (!ok && waits === undefined) pending = false;
    const steps = database.steps.map((result) =>
      result.step === 'lineage_download' ? { ...result, ok, message } : result,
    );
    return { ...database, steps };
  });
  return { databases: judged, pending };
}

/** A step failed whose FailurePolicy is FAIL. */
class VerificationFailure extends Failure {
  override readonly name = 'VerificationFailure';
}

/** Returns all failed steps, in the order of Datafold's test. */
export function failedSteps(databases: readonly DatabaseReport[], lineagePending: boolean): FailedStep[] {
  return databases.flatMap(({ databaseName, steps, unreadable, failingCount = 0, filteredCount = 0 }) =>
    steps
      .filter(({ ok }) => !ok)
      .map(({ step, message }) => ({
        databaseName,
        step,
        message,
        pending: step === 'lineage_download' && lineagePending,
        incomplete: failingCount + filteredCount,
        unreadable:
          step === 'schema_download'
            ? unreadable.slice(0, MAX_LISTED).map(({ relation, statement }) => `${relation} (${statement})`)
            : [],
      })),
  );
}

/** True if the policies tolerate everything that Datafold can't read. */
export function toleratesReading({ step, incomplete }: FailedStep, access: AccessSpec): boolean {
  const { onUnreadable, onIncompleteRead } = access;
  if (step !== 'schema_download' || onUnreadable !== 'warn') return false;
  return onIncompleteRead !== 'fail' || incomplete === 0;
}

/** Throws VerificationFailure for the first failed step that the policies do not tolerate. */
export function assertVerified(
  failed: readonly FailedStep[],
  { access, onFailedStep, onNoLineage }: Pick<DatabaseAccess, 'access' | 'onFailedStep' | 'onNoLineage'>,
): void {
  const fatal = failed.find((one) => {
    if (one.step === 'lineage_download') return onNoLineage === 'fail' && !one.pending;
    return onFailedStep === 'fail' && !toleratesReading(one, access);
  });
  if (!fatal) return;
  const { databaseName, step, message, unreadable } = fatal;
  const next =
    unreadable.length === 0
      ? ''
      : ` Ask the administrator to run the statements, or leave these schemas and tables out of \`databases\`: ${unreadable.join(', ')}`;
  throw new VerificationFailure(
    `The test of database ${databaseName} failed at ${step}: ${message}${next}`,
    step,
  );
}

/** Converts the failed login of a role that a DBA set up to a failed step if failed steps are tolerated; rethrows any other error. */
export function withoutLogin(error: unknown, { access, onFailedStep }: DatabaseAccess): VerifyReport {
  if (!(error instanceof SqlRunFailure) || onFailedStep !== 'warn') throw error;
  const databases = access.databases.map(({ databaseName }) =>
    withoutConnection(databaseName, error.message),
  );
  return { databases };
}

/**
 * True if the server may be set up as desired and only a check failed. The sql-runner does not report which, but a failed
 * statement fails with `withoutChecks` too.
 */
export function isCheck(error: unknown, { manageRole }: DatabaseAccess): error is Failure {
  if (error instanceof VerificationFailure) return true;
  if (!(error instanceof SqlRunFailure)) return false;
  if (!manageRole || error.refused) return true;
  // A database that does not exist or accepts no connections, or tables that stay unreadable.
  return error.kind === 'missing' || error.kind === 'closed' || error.kind === 'denied';
}

/** Returns the request with all policies set to warn. */
export function withoutChecks(desired: DatabaseAccess): DatabaseAccess {
  const lenient = {
    onUnreadable: 'warn',
    onIncompleteRead: undefined,
    onFailedStep: 'warn',
    onMissing: 'warn',
  } as const;
  const access = { ...desired.access, ...lenient };
  return { ...desired, access, onFailedStep: 'warn', onNoLineage: 'warn' };
}

/** Returns one attribute per step: `ok`, or the failures with their databases. */
export function stepAttributes(
  databases: readonly DatabaseReport[],
  failed: readonly FailedStep[],
): Record<string, string> {
  const entries = STEPS.map((step) => {
    const reported = reportedOnce(failed.filter((one) => one.step === step));
    return [ATTRIBUTES[step], reported.length === 0 ? 'ok' : shorten(reported.join(' '), 400)];
  });
  const writable = databases.reduce((sum, { writableCount = 0 }) => sum + writableCount, 0);
  return { ...(Object.fromEntries(entries) as Record<string, string>), Writable: String(writable) };
}

/** Reports a message of several databases once, with their names. */
function reportedOnce(failed: readonly FailedStep[]): string[] {
  return [...new Set(failed.map(({ message }) => message))].map((message) => {
    const same = failed.filter((one) => one.message === message);
    const databases = same.map(({ databaseName }) => databaseName).join(', ');
    return `${same[0].pending ? 'pending' : 'failed'}: ${databases}: ${message}`;
  });
}

/** Returns a sentence for privileges beyond reading, with the statements that revoke them. */
export function writableNotices(roleName: string, databases: readonly DatabaseReport[]): string[] {
  return databases.flatMap(({ databaseName, writable = [], writableCount = 0, furtherAccess = [] }) =>
    writableCount === 0
      ? furtherAccess
      : [
          ...furtherAccess,
          `The role ${roleName} can do more than read in database ${databaseName}: ` +
            writable
              .slice(0, 5)
              .map(({ object, statement }) => `${object} (to end it: ${statement})`)
              .join('; ') +
            (writableCount > 5 ? `; and ${writableCount - 5} more.` : '.'),
        ],
  );
}
