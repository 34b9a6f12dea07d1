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
import { askPatiently } from '../sql-client/patiently';
import { readAdmin } from '../sql-client/request';
import { findServer } from '../sql-client/server-address';
import { CannotLook, goneServer, missingPart } from '../database-access/removal';
import { noLookOnDestroy } from '../database-access/previous-access';
import { withWayOut } from '../database-access/out-of-reach';
import { setUpAndLeave, type PreviousTarget } from '../runtime/previous-target';
import { isReplacedByStack, placeOf } from '../sql-client/server-target';

const NOBODY: LogExclusions = { roles: [], databases: [] };

/** Roles and databases of a server that log no statements, whatever the server logs. */
export const logExclusions: Lifecycle<LogExclusionsRequest> = {
  parse: parseLogExclusions,
  isOurs: isLogExclusionsId,
  removesPrevious: true,

  async create({ wanted }, run) {
    return exclude(run, wanted, wanted.exclusions, NOBODY);
  },

  /** The previous server is put back last, while its path is still there. */
  async update(request, run) {
    const { wanted, previous } = request;
    const same = previous && placeOf(previous.server) === placeOf(wanted.server);
    const former = same ? previous.exclusions : NOBODY;
    const done = await exclude(run, wanted, wanted.exclusions, former).catch((error: unknown) => {
      if (!(error instanceof SqlRunFailure && error.refused)) throw error;
      throw new CheckFailed(error, async () => this.answerWithoutWork(request, error.message, run));
    });
    const finished = await leavePrevious(request, run, done);
    // By another name the previous server may be the same: what was put back there is wanted here.
    if (previous && !same) await exclude(run, wanted, wanted.exclusions, NOBODY);
    return finished;
  },

  async answerWithoutWork(request, notice, run) {
    return leavePrevious(request, run, answerFor(request.wanted, [notice]));
  },

  async remove(request, run) {
    const { wanted, physicalId } = request;
    if (physicalId === undefined) await logAgainIfPossible(run, wanted);
    else
      await putBack(run, wanted)
        .catch((error: unknown) => noLookOnDestroy(error, request, run))
        .catch((error: unknown) => {
          const left = `Roles and databases may still be kept out of the statement log on ${placeOf(wanted.server)}.`;
          throw withWayOut(error, left, `let the administrator run ${resetsOf(wanted)}`);
        });
  },
};

/** Puts back the server that an update leaves, if it leaves one. */
async function leavePrevious(
  request: UpdateRequest<LogExclusionsRequest>,
  run: Run,
  done: Done,
): Promise<Outcome> {
  const { wanted, previous, physicalId } = request;
  const leaves = previous && placeOf(previous.server) !== placeOf(wanted.server);
  return setUpAndLeave(
    {
      request,
      isAtTarget: targetIn(physicalId) === logExclusionsId(wanted.server),
      setUp: async () => done,
      previous: leaves ? previousTarget(run, previous, wanted) : undefined,
    },
    run,
  );
}

function previousTarget(
  run: Run,
  previous: LogExclusionsRequest,
  wanted: LogExclusionsRequest,
): PreviousTarget {
  return {
    mayBeLeft: `Roles and databases may still be kept out of the statement log on ${placeOf(previous.server)}, since that could not be put back.`,
    isReplacedByStack: isReplacedByStack(previous, wanted),
    async remove(_, rollingBack) {
      await (rollingBack ? logAgainIfPossible(run, previous) : putBack(run, previous));
      return undefined;
    },
  };
}

/** Everybody is logged again, as far as runs took them out of the log. */
async function putBack(run: Run, wanted: LogExclusionsRequest): Promise<void> {
  await exclude(run, wanted, NOBODY, wanted.exclusions).catch(async (error: unknown) => {
    const id = logExclusionsId(wanted.server);
    const gone = await goneServer(run, error, wanted, id, (server, admin) => ({
      operation: 'exclude-from-log',
      server,
      admin,
      maintenanceDatabase: wanted.maintenanceDatabase,
      wanted: NOBODY,
      former: NOBODY,
    }));
    if (gone) return void run.log.info(`nothing to put back: ${gone} is gone`);
    const missing = missingPart(error, wanted);
    if (!missing) throw error;
    throw new CannotLook(cannotLook(wanted, missing), (error as Failure).code);
  });
}

function cannotLook(wanted: LogExclusionsRequest, missing: string): string {
  return `Roles and databases may still be kept out of the statement log on ${placeOf(wanted.server)}: ${missing} does not exist any more, so nobody can look. If they are, let the administrator run: ${resetsOf(wanted)}.`;
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
  wanted: LogExclusions,
  former: LogExclusions,
): Promise<Done> {
  const { sqlRunner, maintenanceDatabase, adminSecret } = target;
  const request = async (): Promise<ExcludeRequest> => ({
    operation: 'exclude-from-log',
    server: await findServer(run, target.server),
    admin: await readAdmin(run, adminSecret),
    maintenanceDatabase,
    wanted,
    former,
  });
  const { notices } = await askPatiently(run, sqlRunner, request, logExclusionsId(target.server));
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
