import type { Obstacle } from '../../failure';
import type { ContinueLater, Done } from '../../outcome';
import type { StatementLoggingRequest } from '../../parse/statement-logging';
import type { Run } from '../../run';
import { OtherPolicy } from '../log-group-masking';
import { findServer } from './server-status';
import { answerFor, setUpLogging, type SetUp } from './set-up';

/** What a rollback can do with an obstacle in its way, which is told: all but the masking, or nothing. */
export async function setUpInSpite(
  obstacle: Obstacle,
  request: SetUp,
  run: Run,
  previous?: StatementLoggingRequest,
): Promise<Done | ContinueLater> {
  const { wanted } = request;
  const notices = [obstacle.message];
  if (obstacle instanceof OtherPolicy)
    return setUpLogging({ ...request, wanted: withoutMasking(wanted) }, run, previous, notices);
  const server = await findServer(run, wanted.server);
  return answerFor(run, wanted, server ?? { groupName: '', members: [] }, notices);
}

function withoutMasking(wanted: StatementLoggingRequest): StatementLoggingRequest {
  return { ...wanted, log: { ...wanted.log, maskedDataIdentifiers: [] } };
}
