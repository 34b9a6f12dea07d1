import type { ExcludeRequest, LogExclusions } from '../../../private/wire/sql';
import { CheckFailed, Failure, reasonOf } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Done, Outcome } from '../runtime/outcome';
import {
  isLogExclusionsId,
  logExclusionsId,
  type LogExclusionsRequest,
  parseLogExclusions,
} from './properties';
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

const NOBODY: LogExclusions = { roles: [], databases: [] };

/** Roles and databases of a server that log no statements, whatever the server logs. */
export const logExclusions: Lifecycle<LogExclusionsRequest> = {
  parse: parseLogExclusions,
  isOurs: isLogExclusionsId,
  removesPrevious: true,

  async create({ desired }, run) {
    return exclude(run, desired, desired.exclusions, NOBODY);
  },

  /** The previous server is put back last, while its path is still there. */
  async update(request, run) {
    const { desired, previous } = request;
    const same = previous && placeOf(previous.server) === placeOf(desired.server);
    const previousExclusions = same ? previous.exclusions : NOBODY;
    const done = await exclude(run, desired, desired.exclusions, previousExclusions).catch(
      (error: unknown) => {
        if (!(error instanceof SqlRunFailure && error.refused)) throw error;
        throw new CheckFailed(error, async () => this.answerWithoutWork(request, error.message, run));
      },
    );
    const finished = await removePreviousTarget(request, run, done);
    // By another name the previous server may be the same: what was put back there is wanted here.
    if (previous && !same) await exclude(run, desired, desired.exclusions, NOBODY);
    return finished;
  },

  async answerWithoutWork(request, notice, run) {
    return removePreviousTarget(request, run, answerFor(request.desired, [notice]));
  },

  async remove(request, run) {
    const { desired, physicalId } = request;
    if (physicalId === undefined) await logAgainIfPossible(run, desired);
    else
      await restore(run, desired)
        .catch((error: unknown) => skipInspectionOnDestroy(error, request, run))
        .catch((error: unknown) => {
          const left = `Roles and databases may still be kept out of the statement log on ${placeOf(desired.server)}.`;
          throw withAdvice(error, left, `let the administrator run ${resetsOf(desired)}`);
        });
  },
};

/** Puts back the server that an update leaves, if it leaves one. */
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
    mayBeLeft: `Roles and databases may still be kept out of the statement log on ${placeOf(previous.server)}, since that could not be put back.`,
    isReplacedByStack: isReplacedByStack(previous, desired),
    async remove(_, rollingBack) {
      await (rollingBack ? logAgainIfPossible(run, previous) : restore(run, previous));
      return undefined;
    },
  };
}

/** Everybody is logged again, as far as runs took them out of the log. */
async function restore(run: Run, desired: LogExclusionsRequest): Promise<void> {
  await exclude(run, desired, NOBODY, desired.exclusions).catch(async (error: unknown) => {
    const id = logExclusionsId(desired.server);
    const gone = await missingServer(run, error, desired, id, (server, admin) => ({
      operation: 'exclude-from-log',
      server,
      admin,
      maintenanceDatabase: desired.maintenanceDatabase,
      desired: NOBODY,
      previousExclusions: NOBODY,
    }));
    if (gone) return void run.log.info(`nothing to put back: ${gone} is gone`);
    const missing = missingPart(error, desired);
    if (!missing) throw error;
    throw new CannotInspect(cannotInspect(desired, missing), (error as Failure).code);
  });
}

function cannotInspect(desired: LogExclusionsRequest, missing: string): string {
  return `Roles and databases may still be kept out of the statement log on ${placeOf(desired.server)}: ${missing} does not exist any more, so nobody can look. If they are, let the administrator run: ${resetsOf(desired)}.`;
}

/** How a person has everybody logged again. */
function resetsOf({ exclusions: { roles, databases } }: LogExclusionsRequest): string {
  const subjects = [
    ...roles.map((name) => `ROLE "${name}"`),
    ...databases.map((name) => `DATABASE "${name}"`),
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

/** After a failure: nothing should have been changed, since it is all or nothing; but a last answer may be lost. */
async function logAgainIfPossible(run: Run, target: LogExclusionsRequest): Promise<void> {
  await exclude(run, target, NOBODY, target.exclusions).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('nothing put back', { error: reasonOf(error) });
  });
}
