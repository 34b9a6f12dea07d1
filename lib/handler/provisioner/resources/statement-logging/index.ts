import { CheckFailed, PreconditionFailed } from '../../failure';
import type { Lifecycle, UpdateRequest } from '../../lifecycle';
import { ContinueLater, type Outcome } from '../../outcome';
import { parseStatementLogging, type StatementLoggingRequest } from '../../parse/statement-logging';
import { isStatementLoggingId, statementLoggingId } from '../../physical-ids';
import type { Run } from '../../run';
import { notAllowed } from '../denied';
import { answerUnknown, setUpOnRollback } from './on-rollback';
import { removeLogging } from './removal';
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

  create: setUpLogging,

  /**
   * Another server gives another id: CloudFormation then deletes the old one. When such an update failed, the next one comes
   * back to the server that there is, and what the failed one left on the other goes.
   */
  async update(request, run) {
    const { wanted, previous } = request;
    const same = previous && statementLoggingId(previous.server) === statementLoggingId(wanted.server);
    const former = same ? previous : undefined;
    const outcome = await setUpLogging(request, run, former).catch((error: unknown) => {
      if (!(error instanceof PreconditionFailed)) throw error;
      throw new CheckFailed(error, async () =>
        leaveOther(request, run, await setUpOnRollback(error, request, run, former)),
      );
    });
    return leaveOther(request, run, outcome);
  },

  async answerWithoutWork(request, notice, run) {
    return leaveOther(request, run, await answerUnknown(request, run, [notice]));
  },

  remove: removeLogging,
};

/** After the way back: what there may be on the other server goes. */
async function leaveOther(
  request: UpdateRequest<StatementLoggingRequest>,
  run: Run,
  outcome: Outcome,
): Promise<Outcome> {
  const { wanted, previous, physicalId } = request;
  const id = statementLoggingId(wanted.server);
  const isReturn = previous && statementLoggingId(previous.server) !== id && id === physicalId;
  if (!isReturn || outcome instanceof ContinueLater) return outcome;
  return (await leaveIfPossible({ ...request, wanted: previous }, run)) ?? outcome;
}

/** A server of a failed update. Without the rights to it there is nothing to be done, and no reason to fail here. */
async function leaveIfPossible(
  request: UpdateRequest<StatementLoggingRequest>,
  run: Run,
): Promise<ContinueLater | undefined> {
  return removeLogging(request, run).catch((error: unknown) => notAllowed(run, error));
}
