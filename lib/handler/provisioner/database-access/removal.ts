import { quotedName } from '../../../private/access/postgres-names';
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
import { invokeSqlRunner, SqlRunFailure, logNotices } from '../sql-client/invoke';
import { NoLogin, removeRequest } from '../sql-client/request';
import { findServer, NoServer } from '../sql-client/server-address';

/** Attempts to resolve a name: a missing name stays missing, a failure of DNS does not. */
const MAX_LOOKUPS = 3;

/** The server could not be inspected, so the role may still exist. */
export class CannotInspect extends Failure {
  override readonly name = 'CannotInspect';
}

/** Removes the role. Fails if the server can't be reached, unless the server does not exist. */
export async function removeAccess(
  run: Run,
  desired: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<Continue | undefined> {
  const giveUp: Convergence['giveUp'] = (error, attempt) =>
    isNameMissing(error, desired) && attempt >= MAX_LOOKUPS;
  return remove(run, desired, owner, state, giveUp).catch(async (error: unknown) => {
    const missingName = await missingServer(run, error, desired, idOf(desired), (server, admin) => ({
      operation: 'remove',
      server,
      admin,
      owner,
      access: desired.access,
    }));
    if (missingName) {
      run.log.info(`nothing to remove: ${missingName} does not exist`);
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

/** Returns the role for messages: `The role "datafold" on shop.example.com`. */
export function roleOn({ access, server }: DatabaseAccess): string {
  return `The role "${access.roleName}" on ${placeOf(server)}`;
}

function cannotInspect(desired: DatabaseAccess, missing: string): string {
  return `${roleOn(desired)} may still exist: ${missing} no longer exists, so the role can't be inspected. If the role exists, remove it by hand: ${byHand(desired)}.`;
}

/** Returns how a person removes the role, for messages. */
export function byHand({ access }: DatabaseAccess): string {
  const role = quotedName(access.roleName);
  return `as the administrator, DROP OWNED BY ${role} in each of its databases, which drops the objects that the role owns there, then DROP ROLE ${role}`;
}

/** Removes what a failed run may have left. Does nothing if no run could log in to the server. */
export async function removePartiallyCreated(
  run: Run,
  desired: DatabaseAccess,
  owner: Owner,
  state: unknown,
): Promise<Continue | undefined> {
  return remove(run, desired, owner, state, isClosed).catch((error: unknown) => loginImpossible(run, error));
}

/** Removes what a failed run may have left, without waiting. Returns false if login was impossible or the time ended. */
export async function removeAtOnce(run: Run, desired: DatabaseAccess, owner: Owner): Promise<boolean> {
  try {
    return !((await remove(run, desired, owner, undefined, () => true)) instanceof Continue);
  } catch (error) {
    loginImpossible(run, error);
    return false;
  }
}

/** Logs that login is impossible; rethrows any other error. */
function loginImpossible(run: Run, error: unknown): undefined {
  if (!isLoginImpossible(error)) throw error;
  run.log.warn('nothing removed: login to the server is impossible', { code: (error as Failure).code });
}

/** True if no run could log in to the server. */
export function isLoginImpossible(error: unknown): boolean {
  const isUnreachable = error instanceof AwsFailure || error instanceof NoServer || error instanceof NoLogin;
  return isUnreachable || isClosed(error);
}

/** True for a failed connection or login, except a lost connection and a starting server. */
export function isClosed(error: unknown): boolean {
  if (!(error instanceof SqlRunFailure) || error.kind === undefined) return false;
  if (!error.connected && ['denied', 'closed'].includes(error.kind)) return true; // no CONNECT privilege; accepts no connections
  return ['unknown-host', 'unreachable', 'login-refused', 'missing', 'not-pinned'].includes(error.kind);
}

/** Sends the removal to the sql-runner until it is finished, and logs its notices. */
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
  logNotices(run, report.notices);
  return undefined;
}

/**
 * True if the sql-runner could not resolve the server's name. The provisioner's own ENOTFOUND may concern Lambda's endpoint, and
 * for a server that is looked up RDS knows whether it exists.
 */
function isNameMissing(error: unknown, { server }: Pick<DatabaseAccess, 'server'>): boolean {
  return 'host' in server.at && error instanceof SqlRunFailure && error.kind === 'unknown-host';
}

type Path = Pick<DatabaseAccess, 'adminSecret' | 'sqlRunner' | 'server'>;

/** Returns a request with a login that does not exist. */
type Probe = (server: ServerAddress, admin: Login) => RemoveRequest | ExcludeRequest;

/** Returns what shows that the server does not exist; undefined if it exists or that is unknown. */
export async function missingServer(
  run: Run,
  error: unknown,
  path: Path,
  undoes: string,
  probe: Probe,
): Promise<string | undefined> {
  if (error instanceof NoServer && error.missing) return `the ${error.missing}`;
  const noLogin = isSecretMissing(error, path.adminSecret);
  if (isNameMissing(error, path) || (noLogin && (await isHostMissing(run, path, undoes, probe))))
    return 'the host of the server';
  return undefined;
}

/** Returns the missing part of the path to the server, which does not show that the server is missing. */
export function missingPart(error: unknown, { adminSecret, sqlRunner }: Path): string | undefined {
  if (isSecretMissing(error, adminSecret)) return `the administrator's secret ${adminSecret}`;
  if (isAws(error, 'ResourceNotFound') && error.resource === sqlRunner) return `the sql-runner ${sqlRunner}`;
  return undefined;
}

function isSecretMissing(error: unknown, secret: string | undefined): boolean {
  if (isAws(error, 'ResourceNotFound')) return error.resource === secret;
  return isAws(error, 'InvalidRequest') && error.resource === secret && isMarkedForDeletion(error.message);
}

/** True if the server's name does not exist, which needs no valid login: a managed secret is deleted with its server. */
async function isHostMissing(
  run: Run,
  { server, sqlRunner, adminSecret }: Path,
  undoes: string,
  probe: Probe,
): Promise<boolean> {
  if (!('host' in server.at)) return false;
  const nobody = { user: 'datafold-lookup', password: 'none', secret: adminSecret };
  const request = probe(await findServer(run, server), nobody);
  const check = async () => {
    const error: unknown = await invokeSqlRunner(run, sqlRunner, request, undoes).catch(
      (reason: unknown) => reason,
    );
    return isNameMissing(error, { server }) ? undefined : false;
  };
  return (await poll(run, { firstPauseMs: 2_000 }, check, ({ count }) => count < MAX_LOOKUPS)) ?? true;
}
