import type { Grant } from '../catalog/grants';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { statementsForKept } from '../plan/kept-grants';

/**
 * Returns the notice about grants of an adopted role that are no longer desired. They are not revoked, because the catalog does not
 * distinguish them from original grants.
 */
export function keptGrantNotices(session: Session, roleName: string, grants: readonly Grant[]): string[] {
  const statements = statementsForKept(roleName, grants);
  if (statements.length === 0) return [];
  return [
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} existed before this library, so its grants are not revoked. ` +
      `If the role does not need them otherwise, run: ${statements.join(' ')}`,
  ];
}
