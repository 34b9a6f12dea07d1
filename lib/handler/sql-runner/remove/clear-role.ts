import { readDropOwnedScope, readRoleDependencies } from '../catalog/dependencies';
import { readOtherGrants, readUserMappings } from '../catalog/other-grants';
import type { Session } from '../connection/session';
import { ident, someOf } from '../identifiers';
import type { Statement } from '../plan/statement';
import { done, perform, type Step } from '../work/database-work';
import { execute } from '../work/execute';
import type { RoleMemberships } from '../work/role-memberships';

/**
 * Clears what is left of the role in a database: privileges of the kinds that runs never grant, default privileges, user
 * mappings. What it owns outside of its temp schema is neither dropped, as it may be data that somebody needs, nor given to
 * another role: its code would run with the rights of that role.
 */
export async function clearRole(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  role: number,
): Promise<Step> {
  const left = await readRoleDependencies(session, role);
  if (left.length === 0) return done();
  await memberships.extendTo([role, ...left.flatMap(({ owner }) => owner ?? [])], 'usage'); // owners: to take back what they granted
  const ownsNothing = !left.some(({ isObject }) => isObject);
  const plan = ownsNothing ? dropOwned(roleName) : await planClearing(session, roleName, role);
  return { finished: (await perform({ session, memberships }, plan)).finished, notices: [] };
}

/**
 * Revokes by one statement what the owners of things granted, where the role owns nothing that this would drop. What others
 * granted stays, and everything where the server refuses the statement: it is revoked grant by grant then.
 */
export async function revokeAtOnce(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  role: number,
): Promise<boolean> {
  const { owners, ownsObjects } = await readDropOwnedScope(session, role);
  if (ownsObjects) return true;
  await memberships.extendTo([role, ...owners], 'usage');
  return (await execute(session, memberships, dropOwned(roleName))).finished;
}

const dropOwned = (roleName: string): Statement[] => [{ text: `DROP OWNED BY ${ident(roleName)}` }];

/** DROP OWNED without dropping what is owned. */
async function planClearing(session: Session, roleName: string, role: number): Promise<Statement[]> {
  const grants = await readOtherGrants(session, role);
  const mappings = await readUserMappings(session, role);
  return [
    ...grants.map(({ kind, identity, owner }) => ({
      text: `REVOKE ALL ON ${kind} ${identity} FROM ${ident(roleName)} CASCADE`,
      actAs: owner,
      isOptional: true, // what is not taken back is named when the role is to go
    })),
    ...mappings.map(({ server, owner }) => ({
      text: `DROP USER MAPPING FOR ${ident(roleName)} SERVER ${ident(server)}`,
      actAs: owner,
      isOptional: true,
    })),
  ];
}

/**
 * What a role that stays on the server keeps in a database that it leaves. It is told, not taken: DROP OWNED would take its
 * privileges on all other databases too, CONNECT among them.
 */
export async function reportRemainingRights(session: Session, roleName: string, role: number): Promise<Step> {
  const left = (await readRoleDependencies(session, role)).filter((dependency) => !dependency.shared);
  if (left.length === 0) return done();
  const named = (owned: boolean) =>
    someOf(left.filter((dependency) => dependency.owned === owned).map(({ description }) => description));
  const kept = [named(true) && `owns ${named(true)}`, named(false) && `has rights on ${named(false)}`];
  return done(
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} still ${kept.filter(Boolean).join(' and ')}. Runs take away only what runs give; let the owners take the rest.`,
  );
}
