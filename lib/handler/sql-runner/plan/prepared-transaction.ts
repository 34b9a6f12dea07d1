import type { PreparedTransaction } from '../catalog/prepared-transactions';
import { ident, literal } from '../identifiers';

/** Returns the statement that ends a prepared transaction. */
export const rollBackPrepared = ({ gid }: Pick<PreparedTransaction, 'gid'>) =>
  `ROLLBACK PREPARED ${literal(gid).trim()}`;

/** Returns `the prepared transaction 'gid' of "role" in database "app"`; null if the transaction is not known. */
export function describePrepared(transaction: PreparedTransaction | null): string {
  if (!transaction) return 'a prepared transaction (pg_prepared_xacts)';
  const { gid, databaseName, owner } = transaction;
  return `the prepared transaction ${literal(gid).trim()}${owner === null ? '' : ` of ${ident(owner)}`} in database ${ident(databaseName)}`;
}

/** Returns who can end a prepared transaction, and how. */
export function endingPrepared(transaction: PreparedTransaction | null): string {
  if (!transaction) return 'Commit it or roll it back.';
  const { databaseName, owner } = transaction;
  const who = owner === null ? 'a superuser' : `${ident(owner)} (or SET ROLE to it) or a superuser`;
  return `To end it, connect to database ${ident(databaseName)} as ${who} and run ${rollBackPrepared(transaction)};`;
}
