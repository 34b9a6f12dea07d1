import type { Owner } from '../../../private/wire/sql';
import { AwsFailure, isAws } from '../aws/failure';
import { ContinueLater } from '../outcome';
import { Failure } from '../failure';
import type { DatabaseAccess } from '../parse/database-access';
import type { Run } from '../run';
import { converge, loginRefused, type Convergence } from '../sql/converge';
import { SqlRunFailure } from '../sql/invoke';
import { removeRequest } from '../sql/request';
import { NoServer } from '../sql/server-address';

/** A name that is gone stays gone; a name server that stumbles does not. */
const LOOKUPS = 3;

/** Takes away what was made. Fails where the server can't be reached, unless it is gone. */
export async function removeAccess(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<ContinueLater | void> {
  const giveUp: Convergence['giveUp'] = ({ code }, attempt) => code === 'ENOTFOUND' && attempt >= LOOKUPS;
  await remove(run, wanted, owner, state, giveUp).catch((error: unknown) => {
    const gone = goneThing(error, wanted);
    if (!gone) throw error;
    run.log.info(`nothing to remove: ${gone} is gone`);
  });
}

/** Takes away what a failed run may have left. A server that could not be reached or logged in to has nothing of ours. */
export async function removeHalfMade(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<ContinueLater | void> {
  return remove(run, wanted, owner, state, () => true).catch((error: unknown) => {
    const outOfReach =
      (error instanceof SqlRunFailure && error.retryable) ||
      loginRefused(error) ||
      error instanceof NoServer ||
      error instanceof AwsFailure;
    if (!(error instanceof Failure) || !outOfReach) throw error;
    run.log.warn('nothing removed: the server is out of reach, so nothing should have been made', {
      code: error.code,
    });
  });
}

async function remove(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
  giveUp: Convergence['giveUp'],
): Promise<ContinueLater | void> {
  const { sqlRunner } = wanted;
  const report = await converge(
    run,
    { sqlRunner, request: () => removeRequest(run, wanted, owner), giveUp },
    state,
  );
  if (report instanceof ContinueLater) return report;
  for (const notice of report.notices) run.log.info('notice of the sql-runner', { notice });
}

/** The part of the server's way whose absence shows that the server is gone. */
function goneThing(error: unknown, { adminSecret, sqlRunner }: DatabaseAccess): string | undefined {
  if (error instanceof NoServer && error.gone) return `the ${error.gone}`;
  if (error instanceof SqlRunFailure && error.code === 'ENOTFOUND') return 'the host of the server';
  if (isAws(error, 'ResourceNotFound') && error.resource === adminSecret)
    return `the admin secret ${adminSecret}`;
  if (
    isAws(error, 'InvalidRequest') &&
    error.resource === adminSecret &&
    /marked .*delet/.test(error.message)
  )
    return `the admin secret ${adminSecret}`;
  if (isAws(error, 'ResourceNotFound') && error.resource === sqlRunner) return `the sql-runner ${sqlRunner}`;
  return undefined;
}
