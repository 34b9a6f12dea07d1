import { CheckFailed, PreconditionFailed } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Outcome } from '../runtime/outcome';
import {
  isStatementLoggingId,
  parseStatementLogging,
  statementLoggingId,
  type StatementLoggingRequest,
} from './properties';
import { targetIn } from '../runtime/physical-ids';
import type { Lifecycle, Run } from '../aws/run';
import { setUpAndLeave, type PreviousTarget } from '../runtime/previous-target';
import { answerUnknown, setUpOnRollback } from './on-rollback';
import { removeLogging } from './removal';
import { nameOf } from './server-status';
import { setUpLogging } from './set-up';

/**
 * Statement logging of a server that the app does not define.
 *
 * Every event is handled by looking at the server and at the record in its tags, so it does not matter how far an earlier one
 * came. A Create that failed is undone by the Delete that follows it.
 */
export const statementLogging: Lifecycle<StatementLoggingRequest> = {
  parse: parseStatementLogging,
  isOurs: isStatementLoggingId,
  removesPrevious: true,

  create: setUpLogging,

  /** The previous server is put back last, while its policy is still there. */
  async update(request, run) {
    const { wanted, previous } = request;
    const same = previous && statementLoggingId(previous.server) === statementLoggingId(wanted.server);
    const former = same ? previous : undefined;
    const work = async (state: unknown) => setUpLogging({ ...request, state }, run, former);
    return leavePrevious(request, run, work).catch((error: unknown) => {
      if (!(error instanceof PreconditionFailed)) throw error;
      const onRollback = async (state: unknown) => setUpOnRollback(error, { ...request, state }, run, former);
      throw new CheckFailed(error, async () => leavePrevious(request, run, onRollback));
    });
  },

  async answerWithoutWork(request, notice, run) {
    return leavePrevious(request, run, async () => answerUnknown(request, run, [notice]));
  },

  remove: removeLogging,
};

/** Sets up what is wanted, then puts back the server that an update leaves. */
async function leavePrevious(
  request: UpdateRequest<StatementLoggingRequest>,
  run: Run,
  setUp: (state: unknown) => Promise<Outcome>,
): Promise<Outcome> {
  const { wanted, previous, physicalId } = request;
  const id = statementLoggingId(wanted.server);
  const leaves = previous && statementLoggingId(previous.server) !== id;
  return setUpAndLeave(
    {
      request,
      isAtTarget: targetIn(physicalId) === id,
      setUp,
      previous: leaves ? previousTarget(request, previous, run) : undefined,
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
    mayBeLeft: `The statement log of the ${nameOf(previous.server)} may still be as it was set up there, since it could not be put back.`,
    isReplacedByStack: false, // no server of the app
    remove: async (state) => removeLogging({ wanted: previous, ownerKey, physicalId, state }, run),
  };
}
