import type { ExcludeRequest, Login, Owner, RemoveRequest, ServerAddress } from '../../../private/wire/sql';
import { AwsFailure, isAws, isMarkedForDeletion } from '../aws/failure';
import { Continue } from '../runtime/outcome';
import { Failure } from '../runtime/failure';
import { accessId } from './properties';
import type { DatabaseAccess } from './properties';
import { placeOf } from '../sql-client/server-target';
import type { Run } from '../aws/run';
import { poll } from '../runtime/retry';
import { converge, type Convergence } from '../sql-client/converge';
import { invokeSqlRunner, SqlRunFailure, tellNotices } from '../sql-client/invoke';
import { NoLogin, removeRequest } from '../sql-client/request';
import { findServer, NoServer } from '../sql-client/server-address';

/** A name that is gone stays gone; a name server that stumbles does not. */
const MAX_LOOKUPS = 3;

/** Nobody could look whether the role is still there. */
export class CannotInspect extends Failure {
  override readonly name = 'CannotLook';
}

/** Takes away what was made. Fails where the server can't be reached, unless it is gone. */
export async function removeAccess(
  run: Run,
  desired: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<Continue | undefined> {
  const giveUp: Convergence['giveUp'] = (error, attempt) =>
    isNameMissing(error, desired) && attempt >= MAX_LOOKUPS;
  return remove(run, desired, owner, state, giveUp).catch(async (error: unknown) => {
    const gone = await missingServer(run, error, desired, idOf(desired), (server, admin) => ({
      operation: 'remove',
      server,
      admin,
      owner,
      access: desired.access,
    }));
    if (gone) {
      run.log.info(`nothing to remove: ${gone} is gone`);
      return undefined;
    }
    const missing = missingPart(error, desired);
    if (missing) throw new CannotInspect(cannotInspect(desired, missing), (error as Failure).code);
    throw error;
  });
}

function idOf({ server, access }: DatabaseAccess): string {
  return accessId(server, access.roleName);
}

/** `The role "datafold" on shop.example.com`: for messages. */
export function roleOn({ access, server }: DatabaseAccess): string {
  return `The role "${access.roleName}" on ${placeOf(server)}`;
}

function cannotInspect(desired: DatabaseAccess, missing: string): string {
  return `${roleOn(desired)} may still exist: ${missing} does not exist any more, so the role can't be looked up. If it is there, remove it by hand: ${byHand(desired)}.`;
}

/** How a person removes a role: for messages. */
export function byHand({ access }: DatabaseAccess): string {
  const role = `"${access.roleName}"`;
  return `as the administrator, DROP OWNED BY ${role} in each of its databases, which drops what it owns there, then DROP ROLE ${role}`;
}

/** Takes away what a failed run may have left. On a server that no run got into there is nothing of ours. */
export async function removePartiallyCreated(
  run: Run,
  desired: DatabaseAccess,
  owner: Owner,
  state: unknown,
  giveUp: Convergence['giveUp'] = isClosed,
): Promise<Continue | undefined> {
  return remove(run, desired, owner, state, giveUp).catch((error: unknown) => loginImpossible(run, error));
}

/** The same, without waiting for anything; false where there was no way in, or no time. */
export async function removeAtOnce(run: Run, desired: DatabaseAccess, owner: Owner): Promise<boolean> {
  try {
    return !((await remove(run, desired, owner, undefined, () => true)) instanceof Continue);
  } catch (error) {
    loginImpossible(run, error);
    return false;
  }
}

/** Notes that there is no way into the server; any other error is passed on. */
function loginImpossible(run: Run, error: unknown): undefined {
  if (!isLoginImpossible(error)) throw error;
  run.log.warn('nothing removed: there is no way into the server', { code: (error as Failure).code });
}

/** True where no run got into the server. */
export function isLoginImpossible(error: unknown): boolean {
  const isUnreachable = error instanceof AwsFailure || error instanceof NoServer || error instanceof NoLogin;
  return isUnreachable || isClosed(error);
}

/** Connection or login fail, not by chance: a connection that was lost, or a server that starts, is something else. */
export function isClosed(error: unknown): boolean {
  if (!(error instanceof SqlRunFailure) || error.kind === undefined) return false;
  if (!error.connected && ['denied', 'closed'].includes(error.kind)) return true; // may not connect; takes no connections
  return ['unknown-host', 'unreachable', 'login-refused', 'missing', 'not-pinned'].includes(error.kind);
}

export async function remove(
  run: Run,
  desired: DatabaseAccess,
  owner: Owner,
  state: unknown,
  giveUp: Convergence['giveUp'],
): Promise<Continue | undefined> {
  const { sqlRunner } = desired;
  const report = await converge(
    run,
    {
      sqlRunner,
      request: () => removeRequest(run, desired, owner),
      undoes: idOf(desired),
      giveUp,
    },
    state,
  );
  if (report instanceof Continue) return report;
  tellNotices(run, report.notices);
  return undefined;
}

/**
 * Only the sql-runner's word counts: the provisioner may have failed to find the endpoint of Lambda. And where RDS is asked
 * for the name, RDS knows whether the server is gone.
 */
function isNameMissing(error: unknown, { server }: Pick<DatabaseAccess, 'server'>): boolean {
  return 'host' in server.at && error instanceof SqlRunFailure && error.kind === 'unknown-host';
}

type Path = Pick<DatabaseAccess, 'adminSecret' | 'sqlRunner' | 'server'>;

/** A request that is done again with a login that nobody has. */
type Probe = (server: ServerAddress, admin: Login) => RemoveRequest | ExcludeRequest;

/** What shows that the server itself is gone; undefined where it is there, or nobody knows. */
export async function missingServer(
  run: Run,
  error: unknown,
  path: Path,
  undoes: string,
  probe: Probe,
): Promise<string | undefined> {
  if (error instanceof NoServer && error.gone) return `the ${error.gone}`;
  const noLogin = isSecretMissing(error, path.adminSecret);
  if (isNameMissing(error, path) || (noLogin && (await isHostMissing(run, path, undoes, probe))))
    return 'the host of the server';
  return undefined;
}

/** The part of the path to the server that does not exist any more, which says nothing of the server. */
export function missingPart(error: unknown, { adminSecret, sqlRunner }: Path): string | undefined {
  if (isSecretMissing(error, adminSecret)) return `the admin secret ${adminSecret}`;
  if (isAws(error, 'ResourceNotFound') && error.resource === sqlRunner) return `the sql-runner ${sqlRunner}`;
  return undefined;
}

function isSecretMissing(error: unknown, secret: string): boolean {
  if (isAws(error, 'ResourceNotFound')) return error.resource === secret;
  return isAws(error, 'InvalidRequest') && error.resource === secret && isMarkedForDeletion(error.message);
}

/** A managed secret goes with its server. Whether the server's name still exists shows without a login that works. */
async function isHostMissing(
  run: Run,
  { server, sqlRunner, adminSecret }: Path,
  undoes: string,
  probe: Probe,
): Promise<boolean> {
  if (!('host' in server.at)) return false;
  const nobody = { user: 'datafold-lookup', password: 'none', secret: adminSecret };
  const request = probe(await findServer(run, server), nobody);
  const look = async () => {
    const error: unknown = await invokeSqlRunner(run, sqlRunner, request, undoes).catch(
      (reason: unknown) => reason,
    );
    return isNameMissing(error, { server }) ? undefined : false;
  };
  return (await poll(run, { firstPauseMs: 2_000 }, look, ({ count }) => count < MAX_LOOKUPS)) ?? true;
}
