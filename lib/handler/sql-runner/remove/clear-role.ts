import { readDropOwnedScope, roleDependenciesQuery } from '../catalog/dependencies';
import { otherGrantsQuery, userMappingsQuery } from '../catalog/other-grants';
import type { Session } from '../connection/session';
import { ident, someOf } from '../identifiers';
import { dropOwned, dropUserMapping, revoke } from '../plan/privileges';
import type { Statement } from '../plan/statement';
import { done, perform, type Step } from '../work/database-work';
import { execute } from '../work/execute';
import type { RoleMemberships } from '../work/role-memberships';

/**
 * Revokes the remaining access of the role in a database: privileges that runs never grant, default privileges, user mappings.
 *
 * Objects outside the temp schema that the role owns are not dropped, because they may be needed, and not reassigned to another
 * role, because their code would run with the privileges of that role.
 */
export async function clearRole(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  role: number,
): Promise<Step> {
  const left = await session.query(roleDependenciesQuery(role));
  if (left.length === 0) return done();
  await memberships.extendTo([role, ...left.flatMap(({ owner }) => owner ?? [])], 'usage'); // owners: to revoke what they granted
  const ownsNothing = !left.some(({ isObject }) => isObject);
  const plan = ownsNothing ? [{ text: dropOwned(roleName) }] : await planClearing(session, roleName, role);
  return { finished: (await perform({ session, memberships }, plan)).finished, notices: [] };
}

/**
 * Revokes the grants of object owners with one DROP OWNED, if the role owns no objects that it would drop. Grants of other roles,
 * or all grants if the server refuses the statement, are revoked one by one later.
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
  return (await execute(session, memberships, [{ text: dropOwned(roleName) }])).finished;
}

/** Plans the revokes of DROP OWNED without dropping objects. */
async function planClearing(session: Session, roleName: string, role: number): Promise<Statement[]> {
  const grants = await session.query(otherGrantsQuery(role));
  const mappings = await session.query(userMappingsQuery(role));
  return [
    ...grants.map(({ kind, identity, owner }) => ({
      text: revoke('ALL', `${kind} ${identity}`, ident(roleName)),
      actAs: owner,
      isOptional: true, // remaining privileges are reported when the role is dropped
    })),
    ...mappings.map(({ server, owner }) => ({
      text: dropUserMapping(ident(roleName), ident(server)),
      actAs: owner,
      isOptional: true,
    })),
  ];
}

/**
 * Reports what a kept role still owns or may use in a database. DROP OWNED is no option: it would also revoke CONNECT on all other
 * databases.
 */
export async function reportRemainingRights(session: Session, roleName: string, role: number): Promise<Step> {
  const left = (await session.query(roleDependenciesQuery(role))).filter((dependency) => !dependency.shared);
  if (left.length === 0) return done();
  const named = (owned: boolean) =>
    someOf(left.filter((dependency) => dependency.owned === owned).map(({ description }) => description));
  const kept = [named(true) && `owns ${named(true)}`, named(false) && `has rights on ${named(false)}`];
  return done(
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} still ${kept.filter(Boolean).join(' and ')}. This library revokes only what it grants. Ask the owners to revoke the rest.`,
  );
}
