import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident } from '../identifiers';
import { parseMarker, ownershipOf } from '../marker';

/** Whether the role is to go, or why it stays. */
export interface RoleRemoval {
  readonly remove: boolean;
  readonly notice?: string;
}

/** Decides by its mark, and by nothing else, whether the role is ours to remove. */
export function planRoleRemoval(access: AccessSpec, owner: Owner, role: RoleFacts | undefined): RoleRemoval {
  if (!role) return { remove: false };
  const kept = (why: string) => ({ remove: false, notice: `Role ${ident(access.roleName)} is kept: ${why}` });
  if (role.isSuperuser) return kept('it is a superuser.');
  switch (ownershipOf(role.comment, owner)) {
    case 'ours':
      return { remove: true };
    case 'unmarked':
      if (access.adoptExisting) return kept('it was there before. It keeps its privileges.');
      if (role.falseMarkOf !== null)
        return kept(
          `it was made by ${role.falseMarkOf}, who is not the administrator, so its comment is not believed.`,
        );
      return kept('this stack did not make it.');
    case 'ours-of-another-incarnation':
      return kept('a newer deployment uses it.');
    case 'another':
      return kept(`stack "${parseMarker(role.comment)!.stackName}" made it.`);
  }
}
