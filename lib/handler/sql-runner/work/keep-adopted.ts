import type { Grant } from '../catalog/grants';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { statementsForKept } from '../plan/kept-grants';

/**
 * An adopted role had grants before, and the catalog does not tell them from those of runs. None is taken back: a person is
 * told which it has of those that are no longer wanted, and what takes them back.
 */
export function keptGrantNotices(session: Session, roleName: string, grants: readonly Grant[]): string[] {
  const statements = statementsForKept(roleName, grants);
  if (statements.length === 0) return [];
  return [
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} was there before, so nothing that it was granted is revoked. ` +
      `If it has no other use for these rights, run: ${statements.join(' ')}`,
  ];
}
