import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident, literal } from '../identifiers';
import { markerFor, parseMarker, whose } from '../marker';
import type { Statement } from './statement';

/** Whether the role is to go, or why it stays. */
export interface RoleRemoval {
  readonly remove: boolean;
  readonly notice?: string;
}

/**
 * Decides by its mark whether the role is ours to remove. One without a mark is ours only if the temp schema next to it
 * has one: then somebody wiped the comment; else the role was there before us.
 */
export function planRoleRemoval(
  access: AccessSpec,
  owner: Owner,
  role: RoleFacts | undefined,
  tempSchemaIsOurs: boolean,
): RoleRemoval {
  if (!role) return { remove: false };
  const kept = (why: string) => ({ remove: false, notice: `Role ${ident(access.roleName)} is kept: ${why}` });
  if (role.isSuperuser) return kept('it is a superuser.');
  switch (whose(role.comment, owner)) {
    case 'ours':
      return { remove: true };
    case 'unmarked':
      if (access.adoptExisting) return kept('it was there before. It keeps its privileges.');
      return tempSchemaIsOurs ? { remove: true } : kept('this stack did not make it.');
    case 'ours-of-another-incarnation':
      return kept('a newer deployment uses it.');
    case 'another':
      return kept(`stack "${parseMarker(role.comment)!.stackName}" made it.`);
  }
}

/**
 * Lets nobody log in as the role that is to go. Where its mark was wiped off it gets one again: its temp schema, by which it
 * is known until then, may go long before it.
 */
export function planLock(roleName: string, owner: Owner, role: RoleFacts): Statement[] {
  const name = ident(roleName);
  return [
    ...(role.canLogin ? [{ text: `ALTER ROLE ${name} NOLOGIN` }] : []),
    ...(role.comment === null ? [{ text: `COMMENT ON ROLE ${name} IS ${literal(markerFor(owner))}` }] : []),
  ];
}
