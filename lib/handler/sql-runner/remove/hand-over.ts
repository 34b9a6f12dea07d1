import { readRoleDependencies, type RoleDependency } from '../catalog/dependencies';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { done, type Step } from '../work/database-work';
import { execute } from '../work/execute';
import type { Reach } from '../work/reach';

const NAMED = 5;

/**
 * Gives the objects that the role owns to the admin, so that none is dropped, and clears privileges of the kinds that
 * runs never grant.
 */
export async function handOver(
  session: Session,
  reach: Reach,
  roleName: string,
  role: number,
): Promise<Step> {
  const left = await readRoleDependencies(session, role);
  if (left.length === 0) return done();
  await reach.extendTo([role, ...left.flatMap(({ owner }) => owner ?? [])], 'usage'); // owners: to take back what they granted
  const name = ident(roleName);
  const owned = left.filter(isThingOwned).map((dependency) => dependency.description);
  const notices: string[] = [];
  if (owned.length > 0) {
    const given = await execute(session, reach, [{ text: `REASSIGN OWNED BY ${name} TO CURRENT_USER` }]);
    if (!given.finished) return { finished: false, notices };
    const still = await readRoleDependencies(session, role);
    if (still.some(isThingOwned)) return done(); // DROP OWNED would drop them
    notices.push(
      `Database ${ident(session.databaseName)}: role ${name} owned ${someOf(owned)}; the admin owns them now.`,
    );
  }
  const { finished } = await execute(session, reach, [{ text: `DROP OWNED BY ${name}` }]);
  return { finished, notices };
}

const isThingOwned = ({ owned, isSetting }: RoleDependency) => owned && !isSetting;

/**
 * What a role that stays on the server keeps in a database that it leaves. It is told, not taken: DROP OWNED would take its
 * privileges on all other databases too, CONNECT among them.
 */
export async function tellWhatStays(session: Session, roleName: string, role: number): Promise<Step> {
  const left = (await readRoleDependencies(session, role)).filter((dependency) => !dependency.shared);
  if (left.length === 0) return done();
  const named = (owned: boolean) =>
    someOf(left.filter((dependency) => dependency.owned === owned).map(({ description }) => description));
  const kept = [named(true) && `owns ${named(true)}`, named(false) && `has rights on ${named(false)}`];
  return done(
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} still ${kept.filter(Boolean).join(' and ')}. Runs take away only what runs give; let the owners take the rest.`,
  );
}

const someOf = (names: readonly string[]) =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '');
