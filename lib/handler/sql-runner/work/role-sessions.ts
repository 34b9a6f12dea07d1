import { readServer } from '../catalog/server';
import type { Session } from '../connection/session';
import { ident, literal } from '../identifiers';
import { codeAndMessage, retryFor } from '../sqlstates';
import { RoleMemberships } from './role-memberships';

/** SQL that is true for a session `a` with an uncommitted change of a role: of a password, a setting or a membership. */
const CHANGES_A_ROLE = `EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
  AND l.database = 0 AND l.relation IN ('pg_authid'::regclass, 'pg_db_role_setting'::regclass, 'pg_auth_members'::regclass))`;

/** Terminates all sessions of the role. */
export async function terminateSessions(session: Session, role: number): Promise<void> {
  await terminate(session, `a.usesysid = ${role}`, role);
}

/**
 * Runs a transaction that changes the role; `kind` is the method of the session that begins it.
 *
 * Whoever logs in as the role can change its password or settings in a transaction that stays open, and so could block a removal
 * or a rotation for ever. Such sessions are terminated in the transaction of the next attempt, which then waits before any new
 * session of the role.
 */
export async function changingRole<T>(
  session: Session,
  roleName: string,
  work: () => Promise<T>,
  kind: 'transaction' | 'transactionWithoutLock' = 'transaction',
): Promise<T> {
  try {
    return await session[kind](work);
  } catch (error) {
    if (retryFor(error) !== 'work') throw error;
    const role = await readBlocking(session, roleName).catch(() => undefined); // the connection may be lost
    if (role === undefined) throw error;
    const result = await session[kind](async () => {
      await terminate(session, `a.usesysid = ${role} AND ${CHANGES_A_ROLE}`, role);
      return work();
    });
    session.addNotice(
      `Sessions of the role ${ident(roleName)} had changed the role and not committed, which blocked this run: they were terminated. Datafold does not change its role. If no administrator did, replace the password.`,
    );
    return result;
  }
}

/** Reads the oid of the role if one of its sessions has an uncommitted change of a role. */
async function readBlocking(session: Session, roleName: string): Promise<number | undefined> {
  const [found] = await session.script<{ role: number }>(
    `SELECT a.usesysid AS role FROM pg_stat_activity a WHERE a.usename = ${literal(roleName)} AND ${CHANGES_A_ROLE} LIMIT 1`,
  );
  return found?.role;
}

/** Terminates sessions with `pg_signal_backend`, which the administrator of RDS has, or else as a member of the role. */
async function terminate(session: Session, condition: string, role: number): Promise<void> {
  const text = `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE ${condition}`;
  try {
    await session.attemptRights(text);
  } catch (error) {
    if (codeAndMessage(error).code !== '42501') throw error;
    const memberships = new RoleMemberships(session, await readServer(session));
    await memberships.extendTo([role]);
    await session.run(text);
    await memberships.restore();
  }
}
