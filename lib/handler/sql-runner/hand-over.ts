import { readRoleDependencies } from './catalog/dependencies';
import { execute } from './execute';
import { ident } from './identifiers';
import type { Session } from './connection/session';
import type { Reach } from './reach';

const NAMED = 5;

/**
 * Gives the objects that the role owns to the admin, so that none is dropped, and clears privileges of the kinds that
 * runs never grant. Returns what a person should know.
 */
export async function handOver(
  session: Session,
  reach: Reach,
  roleName: string,
  role: number,
): Promise<string[]> {
  const left = await readRoleDependencies(session, role);
  if (left.length === 0) return [];
  await reach.extendTo([role], new Set([role]));
  const name = ident(roleName);
  const owned = left.filter((dependency) => dependency.owned).map((dependency) => dependency.description);
  const notices: string[] = [];
  if (owned.length > 0) {
    await execute(session, reach, [{ text: `REASSIGN OWNED BY ${name} TO CURRENT_USER` }]);
    const still = await readRoleDependencies(session, role);
    if (still.some((dependency) => dependency.owned)) return []; // DROP OWNED would drop them
    const some = owned.slice(0, NAMED).join(', ') + (owned.length > NAMED ? ', …' : '');
    notices.push(
      `Database ${ident(session.databaseName)}: role ${name} owned ${some}; the admin owns them now.`,
    );
  }
  await execute(session, reach, [{ text: `DROP OWNED BY ${name}` }]);
  return notices;
}
