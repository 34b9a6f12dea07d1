import type { PreparedTransaction } from '../catalog/prepared-transactions';
import { readServer } from '../catalog/server';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { rollBackPrepared } from '../plan/prepared-transaction';
import { codeAndMessage } from '../sqlstates';
import { RoleMemberships } from './role-memberships';

/** Somebody else ended the transaction, or is about to. */
const ENDED = new Set(['42704', '55000']);

/**
 * Rolls back prepared transactions of the role in the database of `session`, and returns those that the administrator may not end.
 *
 * Only the role itself and superusers may, and not within a transaction: the administrator becomes a member of the role meanwhile.
 */
export async function endPrepared(
  session: Session,
  role: number,
  transactions: readonly PreparedTransaction[],
): Promise<PreparedTransaction[]> {
  const memberships = new RoleMemberships(session, await readServer(session));
  const refused: PreparedTransaction[] = [];
  await session.transactionWithoutLock(() => memberships.extendTo([role], 'set'));
  try {
    if (memberships.canSet(role)) await session.run(`SET ROLE ${ident(memberships.nameOf(role))}`);
    for (const transaction of transactions) {
      try {
        await session.run(rollBackPrepared(transaction));
      } catch (error) {
        const { code = '' } = codeAndMessage(error);
        if (code !== '42501' && !ENDED.has(code)) throw error;
        if (code === '42501') refused.push(transaction);
      }
    }
  } finally {
    await session.run('SET ROLE NONE').catch(() => undefined); // the connection may be lost
    await session.transactionWithoutLock(() => memberships.restore());
  }
  return refused;
}
