import { quotedName } from '../../../private/access/postgres-names';
import type { ExcludeRequest, LogExclusions } from '../../../private/wire/sql';
import { CheckFailed, Failure, reasonOf } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Done, Outcome } from '../runtime/outcome';
import { LOG_EXCLUSIONS, logExclusionsId, type LogExclusionsRequest, parseLogExclusions } from './properties';
import { targetIn } from '../runtime/physical-ids';
import type { Lifecycle, Run } from '../aws/run';
import { SqlRunFailure } from '../sql-client/invoke';
import { invokeUntilAnswered } from '../sql-client/converge';
import { readAdmin } from '../sql-client/request';
import { findServer } from '../sql-client/server-address';
import { CannotInspect, missingServer, missingPart } from '../database-access/removal';
import { skipInspectionOnDestroy } from '../database-access/previous-access';
import { withAdvice } from '../database-access/unreachable';
import { setUpThenRemovePrevious, type PreviousTarget } from '../runtime/previous-target';
import { isReplacedByStack, placeOf } from '../sql-client/server-target';

const NO_EXCLUSIONS: LogExclusions = { roles: [], databases: [] };

/** Roles and databases that are excluded from the statement log of a server. */
export const logExclusions: Lifecycle<LogExclusionsRequest> = {
  parse: parseLogExclusions,
  idPrefix: LOG_EXCLUSIONS,
  removesPrevious: true,

  async create({ desired }, run) {
    return exclude(run, desired, desired.exclusions, NO_EXCLUSIONS);
  },

  /** The previous server is restored last, while the network path to it still exists. */
  async update(request, run) {
    const { desired, previous } = request;
    const same = previous && placeOf(previous.server) === placeOf(desired.server);
    const previousExclusions = same ? previous.exclusions : NO_EXCLUSIONS;
    const done = await exclude(run, desired, desired.exclusions, previousExclusions).catch(
      (error: unknown) => {
        if (!(error instanceof SqlRunFailure && error.refused)) throw error;
        throw new CheckFailed(error, async () => this.answerWithoutWork(request, error.message, run));
      },
    );
    const finished = await removePreviousTarget(request, run, done);
    // Both names may be the same server, where the exclusions were just removed.
    if (previous && !same) await exclude(run, desired, desired.exclusions, NO_EXCLUSIONS);
    return finished;
  },

  async answerWithoutWork(request, notice, run) {
    return removePreviousTarget(request, run, answerFor(request.desired, [notice]));
  },

  async remove(request, run) {
    const { desired, physicalId } = request;
    if (physicalId === undefined) await restoreIfPossible(run, desired);
    else
      await restore(run, desired)
        .catch((error: unknown) => skipInspectionOnDestroy(error, request, run))
        .catch((error: unknown) => {
          const left = `Roles and databases may still be excluded from the statement log on ${placeOf(desired.server)}.`;
          throw withAdvice(error, left, `let the administrator run ${resetsOf(desired)}`);
        });
  },
};

/** Restores the previous server if the update moves to another one. */
async function removePreviousTarget(
  request: UpdateRequest<LogExclusionsRequest>,
  run: Run,
  done: Done,
): Promise<Outcome> {
  const { desired, previous, physicalId } = request;
  const isMoving = previous && placeOf(previous.server) !== placeOf(desired.server);
  return setUpThenRemovePrevious(
    {
      request,
      isAtTarget: targetIn(physicalId) === logExclusionsId(desired.server),
      setUp: async () => done,
      previous: isMoving ? previousTarget(run, previous, desired) : undefined,
    },
    run,
  );
}

function previousTarget(
  run: Run,
  previous: LogExclusionsRequest,
  desired: LogExclusionsRequest,
): PreviousTarget {
  return {
    mayBeLeft: `Roles and databases may still be excluded from the statement log on ${placeOf(previous.server)}, since removing the exclusions failed.`,
    isReplacedByStack: isReplacedByStack(previous, desired),
    async remove(_, rollingBack) {
      await (rollingBack ? restoreIfPossible(run, previous) : restore(run, previous));
      return undefined;
    },
  };
}

/** Removes the exclusions that earlier runs set. */
async function restore(run: Run, desired: LogExclusionsRequest): Promise<void> {
  await exclude(run, desired, NO_EXCLUSIONS, desired.exclusions).catch(async (error: unknown) => {
    const id = logExclusionsId(desired.server);
    const missingName = await missingServer(run, error, desired, id, (server, admin) => ({
      operation: 'exclude-from-log',
      server,
      admin,
      maintenanceDatabase: desired.maintenanceDatabase,
      desired: NO_EXCLUSIONS,
      previousExclusions: NO_EXCLUSIONS,
    }));
    if (missingName) return void run.log.info(`nothing to restore: ${missingName} does not exist`);
    const missing = missingPart(error, desired);
    if (!missing) throw error;
    throw new CannotInspect(cannotInspect(desired, missing), (error as Failure).code);
  });
}

function cannotInspect(desired: LogExclusionsRequest, missing: string): string {
  return `Roles and databases may still be excluded from the statement log on ${placeOf(desired.server)}: ${missing} no longer exists, so the server can't be inspected. If they are excluded, let the administrator run: ${resetsOf(desired)}.`;
}

/** Returns the statements with which a person removes the exclusions. */
function resetsOf({ exclusions: { roles, databases } }: LogExclusionsRequest): string {
  const subjects = [
    ...roles.map((name) => `ROLE ${quotedName(name)}`),
    ...databases.map((name) => `DATABASE ${quotedName(name)}`),
  ];
  return subjects.map((subject) => `ALTER ${subject} RESET log_statement`).join('; ');
}

async function exclude(
  run: Run,
  target: LogExclusionsRequest,
  desired: LogExclusions,
  previousExclusions: LogExclusions,
): Promise<Done> {
  const { sqlRunner, maintenanceDatabase, adminSecret } = target;
  const request = async (): Promise<ExcludeRequest> => ({
    operation: 'exclude-from-log',
    server: await findServer(run, target.server),
    admin: await readAdmin(run, adminSecret),
    maintenanceDatabase,
    desired,
    previousExclusions,
  });
  const { notices } = await invokeUntilAnswered(run, sqlRunner, request, logExclusionsId(target.server));
  for (const notice of notices) run.log.warn('notice', { notice });
  return answerFor(target, notices);
}

function answerFor({ server }: LogExclusionsRequest, notices: readonly string[]): Done {
  return { physicalId: logExclusionsId(server), data: { Notices: notices.join(' ') } };
}

/** Removes exclusions after a failure, which are set only if a response was lost: the statements run in one transaction. */
async function restoreIfPossible(run: Run, target: LogExclusionsRequest): Promise<void> {
  await exclude(run, target, NO_EXCLUSIONS, target.exclusions).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('exclusions not removed', { error: reasonOf(error) });
  });
}
