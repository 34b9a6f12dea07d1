import type { Login } from '../../../private/wire/sql';
import { type Blocker, readBlocker } from '../catalog/blocker';
import { Deadline } from '../deadline';
import { codeAndMessage } from '../sqlstates';
import { connect } from './connect';
import { Session } from './session';
import type { Target } from './target';

/** After this time a statement may be waiting for a lock. Less than lock_timeout. */
const CHECK_AFTER_MS = 1_000;
const CHECK_TIMEOUT_MS = 5_000;

/** Sends a statement. If it times out waiting for a lock, adds the session that holds the lock to the error. */
export async function withBlocker<T>(
  send: () => Promise<T>,
  findHolder: () => Promise<Blocker | undefined>,
): Promise<T> {
  let search: Promise<Blocker | undefined> | undefined;
  const timer = setTimeout(() => (search = findHolder().catch(() => undefined)), CHECK_AFTER_MS);
  try {
    return await send();
  } catch (error) {
    if (codeAndMessage(error).code === '55P03') Object.assign(error as object, { blocker: await search });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Finds the session that blocks the session `pid`, over a separate connection. */
export async function findBlocker(
  target: Target,
  login: Login,
  databaseName: string,
  pid: number,
): Promise<Blocker | undefined> {
  const end = Date.now() + Math.min(CHECK_TIMEOUT_MS, target.deadline.forWork());
  const deadline = new Deadline({ getRemainingTimeInMillis: () => end - Date.now() });
  const { address, adminName } = target;
  const own = { address, adminName, deadline, notices: new Set<string>() };
  const { client, usesScram } = await connect(own, login, databaseName);
  const session = new Session(client, databaseName, deadline, usesScram, own);
  try {
    return await readBlocker(session, pid);
  } finally {
    await session.end();
  }
}
