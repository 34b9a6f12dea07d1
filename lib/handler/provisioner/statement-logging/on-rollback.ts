import type { PreconditionFailed } from '../runtime/failure';
import type { ContinueLater, Done } from '../runtime/outcome';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { OtherPolicy } from '../log-group/masking';
import { findServer } from './server-status';
import { answerFor, setUpLogging, type SetUp } from './set-up';

/** What a rollback can do where a precondition fails, which is reported: all but the masking, or nothing. */
export async function setUpOnRollback(
  failure: PreconditionFailed,
  request: SetUp,
  run: Run,
  previous?: StatementLoggingRequest,
): Promise<Done | ContinueLater> {
  const { wanted } = request;
  const notices = [failure.message];
  if (failure instanceof OtherPolicy)
    return setUpLogging({ ...request, wanted: withoutMasking(wanted) }, run, previous, notices);
  return answerUnknown(request, run, notices);
}

/** The attributes of a server that was not changed; without those that RDS does not say. */
export async function answerUnknown(
  { wanted }: Pick<SetUp, 'wanted'>,
  run: Run,
  notices: readonly string[],
): Promise<Done> {
  const server = await findServer(run, wanted.server).catch(() => undefined);
  return answerFor(run, wanted, server ?? { groupName: '', members: [] }, notices);
}

function withoutMasking(wanted: StatementLoggingRequest): StatementLoggingRequest {
  return { ...wanted, log: { ...wanted.log, maskedDataIdentifiers: [] } };
}
