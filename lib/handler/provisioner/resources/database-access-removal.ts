import type { Owner } from '../../../private/wire/sql';
import { AwsFailure, isAws, isMarkedForDeletion } from '../aws/failure';
import { ContinueLater } from '../outcome';
import type { Failure } from '../failure';
import type { DatabaseAccess } from '../parse/database-access';
import type { Run } from '../run';
import { converge, type Convergence } from '../sql/converge';
import { SqlRunFailure, tellNotices } from '../sql/invoke';
import { NoLogin, removeRequest } from '../sql/request';
import { NoServer } from '../sql/server-address';

/** A name that is gone stays gone; a name server that stumbles does not. */
const LOOKUPS = 3;

/** Takes away what was made. Fails where the server can't be reached, unless it is gone. */
export async function removeAccess(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<ContinueLater | undefined> {
  const giveUp: Convergence['giveUp'] = (error, attempt) => isNameGone(error, wanted) && attempt >= LOOKUPS;
  return remove(run, wanted, owner, state, giveUp).catch((error: unknown) => {
    const gone = goneThing(error, wanted);
    if (!gone) throw error;
    run.log.info(`nothing to remove: ${gone} is gone`);
    return undefined;
  });
}

/** Takes away what a failed run may have left. On a server that no run got into there is nothing of ours. */
export async function removeHalfMade(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
  giveUp: Convergence['giveUp'] = isShut,
): Promise<ContinueLater | undefined> {
  return remove(run, wanted, owner, state, giveUp).catch((error: unknown) => noWayIn(run, error));
}

/** The same, without waiting for anything; false where there was no way in, or no time. */
export async function removeAtOnce(run: Run, wanted: DatabaseAccess, owner: Owner): Promise<boolean> {
  try {
    return !((await remove(run, wanted, owner, undefined, () => true)) instanceof ContinueLater);
  } catch (error) {
    noWayIn(run, error);
    return false;
  }
}

/** Notes that there is no way into the server; any other error is passed on. */
function noWayIn(run: Run, error: unknown): undefined {
  const hasNoWay = error instanceof AwsFailure || error instanceof NoServer || error instanceof NoLogin;
  if (!hasNoWay && !isShut(error)) throw error;
  run.log.warn('nothing removed: there is no way into the server', { code: (error as Failure).code });
}

/** Connection or login fail: other codes than SQLSTATEs, but for connections that are lost, and a few SQLSTATEs. */
function isShut(error: unknown): boolean {
  if (!(error instanceof SqlRunFailure) || !error.reported || error.code === undefined) return false;
  if (['28P01', '28000', '3D000'].includes(error.code)) return true;
  if (!error.reached && ['42501', '55000'].includes(error.code)) return true; // may not connect; takes no connections
  return !/^[0-9A-Z]{5}$/.test(error.code) && error.code !== 'ECONNRESET';
}

async function remove(
  run: Run,
  wanted: DatabaseAccess,
  owner: Owner,
  state: unknown,
  giveUp: Convergence['giveUp'],
): Promise<ContinueLater | undefined> {
  const { sqlRunner } = wanted;
  const report = await converge(
    run,
    { sqlRunner, request: () => removeRequest(run, wanted, owner), giveUp },
    state,
  );
  if (report instanceof ContinueLater) return report;
  tellNotices(run, report.notices);
  return undefined;
}

/**
 * Only the sql-runner's word counts: the provisioner may have failed to find the endpoint of Lambda. And where RDS is asked
 * for the name, RDS knows whether the server is gone.
 */
function isNameGone(error: unknown, { server }: Pick<DatabaseAccess, 'server'>): boolean {
  return (
    'host' in server.at && error instanceof SqlRunFailure && error.reported && error.code === 'ENOTFOUND'
  );
}

/** The part of the server's way whose absence shows that the server is gone. */
export function goneThing(
  error: unknown,
  wanted: Pick<DatabaseAccess, 'adminSecret' | 'sqlRunner' | 'server'>,
): string | undefined {
  const { adminSecret, sqlRunner } = wanted;
  if (error instanceof NoServer && error.gone) return `the ${error.gone}`;
  if (isNameGone(error, wanted)) return 'the host of the server';
  if (isAws(error, 'ResourceNotFound') && error.resource === adminSecret)
    return `the admin secret ${adminSecret}`;
  if (isAws(error, 'InvalidRequest') && error.resource === adminSecret && isMarkedForDeletion(error.message))
    return `the admin secret ${adminSecret}`;
  if (isAws(error, 'ResourceNotFound') && error.resource === sqlRunner) return `the sql-runner ${sqlRunner}`;
  return undefined;
}
