import type { Lifecycle, Run } from '../aws/run';
import { OtherPolicy } from '../log-group/masking';
import { CheckFailed, PreconditionFailed } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Continue, Done, Outcome } from '../runtime/outcome';
import { targetIn } from '../runtime/physical-ids';
import { type PreviousTarget, setUpThenRemovePrevious } from '../runtime/previous-target';
import {
  STATEMENT_LOGGING,
  parseStatementLogging,
  statementLoggingId,
  type StatementLoggingRequest,
} from './properties';
import { removeLogging } from './removal';
import { nameOf } from '../aws/rds-ports';
import { findServer } from './server-status';
import { answerFor, type SetUp, setUpLogging } from './set-up';

/**
 * Statement logging of a server that the app does not define.
 *
 * Every event reads the server and the record in its tags first, so it continues from wherever an earlier event stopped. The
 * Delete that follows a failed Create reverts its changes.
 */
export const statementLogging: Lifecycle<StatementLoggingRequest> = {
  parse: parseStatementLogging,
  idPrefix: STATEMENT_LOGGING,
  removesPrevious: true,

  create: setUpLogging,

  /** The previous server is restored last, while the policy that allows it still exists. */
  async update(request, run) {
    const { desired, previous } = request;
    const same = previous && statementLoggingId(previous.server) === statementLoggingId(desired.server);
    const previousSettings = same ? previous : undefined;
    const work = async (state: unknown) => setUpLogging({ ...request, state }, run, previousSettings);
    return removePreviousTarget(request, run, work).catch((error: unknown) => {
      if (!(error instanceof PreconditionFailed)) throw error;
      const onRollback = async (state: unknown) =>
        setUpOnRollback(error, { ...request, state }, run, previousSettings);
      throw new CheckFailed(error, async () => removePreviousTarget(request, run, onRollback));
    });
  },

  async answerWithoutWork(request, notice, run) {
    return removePreviousTarget(request, run, async () => answerUnknown(request, run, [notice]));
  },

  remove: removeLogging,
};

/** Sets up the desired server, then restores the previous server if the update moves to another one. */
async function removePreviousTarget(
  request: UpdateRequest<StatementLoggingRequest>,
  run: Run,
  setUp: (state: unknown) => Promise<Outcome>,
): Promise<Outcome> {
  const { desired, previous, physicalId } = request;
  const id = statementLoggingId(desired.server);
  const isMoving = previous && statementLoggingId(previous.server) !== id;
  return setUpThenRemovePrevious(
    {
      request,
      isAtTarget: targetIn(physicalId) === id,
      setUp,
      previous: isMoving ? previousTarget(request, previous, run) : undefined,
    },
    run,
  );
}

function previousTarget(
  { ownerKey, physicalId }: UpdateRequest<StatementLoggingRequest>,
  previous: StatementLoggingRequest,
  run: Run,
): PreviousTarget {
  return {
    mayBeLeft: `The statement log of the ${nameOf(previous.server)} may still be set up: its previous settings could not be restored.`,
    isReplacedByStack: false, // the app does not define the server
    remove: async (state) => removeLogging({ desired: previous, ownerKey, physicalId, state }, run),
  };
}

/** Sets up what is possible in a rollback although a precondition fails: everything except masking, or nothing. */
async function setUpOnRollback(
  failure: PreconditionFailed,
  request: SetUp,
  run: Run,
  previous?: StatementLoggingRequest,
): Promise<Done | Continue> {
  const { desired } = request;
  const notices = [failure.message];
  if (failure instanceof OtherPolicy)
    return setUpLogging({ ...request, desired: withoutMasking(desired) }, run, previous, notices);
  return answerUnknown(request, run, notices);
}

/** Returns the attributes of a server that was not changed, as far as RDS returns them. */
async function answerUnknown(
  { desired }: Pick<SetUp, 'desired'>,
  run: Run,
  notices: readonly string[],
): Promise<Done> {
  const server = await findServer(run, desired.server).catch(() => undefined);
  return answerFor(run, desired, server, notices);
}

function withoutMasking(desired: StatementLoggingRequest): StatementLoggingRequest {
  return { ...desired, log: { ...desired.log, maskedData: [] } };
}
