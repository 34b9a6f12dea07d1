import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident, literal } from '../identifiers';
import { isBeingRemoved, isMadeFor, markerFor, parseMarker, ownershipOf } from '../marker';
import type { Statement } from './statement';

/** What is wanted of the role. */
export interface RoleSpec {
  readonly roleName: string;
  /** Unknown where a person runs the statements. */
  readonly adminName?: string;
  readonly owner: Owner;
  readonly adoptExisting: boolean;
  /** Set when the password must be set: the login with it failed, or there is no role yet. */
  readonly verifier?: string;
  /** Of a role that is made. */
  readonly connectionLimit?: AccessSpec['connectionLimit'];
}

/** Why the role of that name may not be used, if so. */
export function roleConflict(desired: RoleSpec, found: RoleFacts | undefined): string | undefined {
  if (!found) return undefined;
  if (desired.roleName === desired.adminName)
    return `The role ${ident(desired.roleName)} is the admin itself. Choose another role name.`;
  if (found.isSuperuser)
    return `The role ${ident(desired.roleName)} is a superuser. Choose another role name.`;
  if (desired.adoptExisting || isMadeFor(found.comment, desired.owner)) return undefined;
  if (found.falseMarkOf !== null)
    return `The role ${ident(desired.roleName)} already exists and was made by ${found.falseMarkOf}, who is not the administrator: its comment, which names a stack, is not believed. Choose another role name, or set adoptExisting to use it as it is.`;
  const marker = parseMarker(found.comment);
  const maker = marker ? `stack "${marker.stackName}" made it` : 'this stack did not make it';
  return `The role ${ident(desired.roleName)} already exists and ${maker}. Choose another role name, or set adoptExisting to use it as it is.`;
}

/** Makes the role and marks it as ours, or sets what is not as wanted. Attributes that it does not need are never named. */
export function planRole(desired: RoleSpec, found: RoleFacts | undefined): Statement[] {
  const role = ident(desired.roleName);
  const password = desired.verifier === undefined ? '' : ` PASSWORD ${literal(desired.verifier)}`;
  const comment = { text: `COMMENT ON ROLE ${role} IS ${literal(markerFor(desired.owner))}` };
  const limit = desired.connectionLimit === undefined ? '' : ` CONNECTION LIMIT ${desired.connectionLimit}`;
  if (!found) return [{ text: `CREATE ROLE ${role} LOGIN${limit}${password}` }, comment];
  const wasBeingRemoved = isMadeFor(found.comment, desired.owner) && isBeingRemoved(found.comment);
  const login = !found.canLogin && wasBeingRemoved ? ' LOGIN' : '';
  const isOutdated =
    ownershipOf(found.comment, desired.owner) === 'ours-of-another-incarnation' || wasBeingRemoved;
  return [
    ...(login || password ? [{ text: `ALTER ROLE ${role}${login}${password}` }] : []),
    ...(isOutdated ? [comment] : []),
  ];
}
