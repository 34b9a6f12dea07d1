import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';
import { terminateSessions } from '../work/role-sessions';

const MAX_WAIT_MS = 5_000;

/** Terminates the sessions of the role and waits briefly until they end. */
export async function endSessions(session: Session, roleName: string, role: number): Promise<string[]> {
  const count = async () => {
    const [{ sessions }] = await session.rows<{ sessions: number }>(
      'SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE usesysid = $1',
      [role],
    );
    return sessions;
  };
  if ((await count()) === 0) return [];
  try {
    await session.transactionWithoutLock(async () => terminateSessions(session, role));
  } catch (error) {
    if (codeAndMessage(error).code !== '42501') throw error;
    return [
      `The administrator may not terminate the sessions of ${ident(roleName)}: they continue until their clients disconnect.`,
    ];
  }
  for (const until = Date.now() + MAX_WAIT_MS; Date.now() < until && (await count()) > 0;) await sleep(50);
  return [];
}
