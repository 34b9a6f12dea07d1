import { readHeld, type HeldGrant, type HeldScope } from '../catalog/held';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { statementsForKept } from '../plan/kept-grants';

/**
 * An adopted role had grants before, and the catalog does not tell them from those of runs. None is taken back: a person is
 * told which are left in `scope`, and what takes them back.
 */
export async function tellKept(
  session: Session,
  roleName: string,
  role: number,
  scope: Omit<HeldScope, 'limit'>,
  isMeant: (grant: HeldGrant) => boolean = () => true,
): Promise<string[]> {
  const held = await readHeld(session, role, { ...scope, limit: Number.MAX_SAFE_INTEGER });
  const statements = statementsForKept(roleName, held.filter(isMeant));
  if (statements.length === 0) return [];
  return [
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} was there before, so nothing that it was granted is revoked. ` +
      `If it has no other use for these rights, run: ${statements.join(' ')}`,
  ];
}
