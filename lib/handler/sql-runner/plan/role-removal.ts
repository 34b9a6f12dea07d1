import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident } from '../identifiers';
import {
  coOwnersOf,
  type OwnerEntry,
  type RoleRecord,
  roleOwnershipOf,
  stacksOf,
  withoutOwner,
} from '../role-record';

/**
 * What becomes of a role whose owner leaves: `drop` it; `keep` it, without what this owner alone needed; `restore` a role that was
 * there before, which keeps its grants; or `ignore` a role that this owner has no part in.
 */
export type Disposition = 'drop' | 'keep' | 'restore' | 'ignore';

export interface RoleRemoval {
  readonly disposition: Disposition;
  /** The owners that stay, and what each of them needs. */
  readonly remaining: readonly OwnerEntry[];
  /** What the record says from now on; absent where it says the same. */
  readonly record?: RoleRecord;
  /** Why the role stays. */
  readonly notice?: string;
}

/** Decides by the record of the role, and by nothing else, what this owner may take away. */
export function planRoleRemoval(access: AccessSpec, owner: Owner, role: RoleFacts | undefined): RoleRemoval {
  if (!role) return { disposition: 'ignore', remaining: [] };
  const kept = (why: string) => `Role ${ident(access.roleName)} is kept: ${why}`;
  const ignored = (why: string) => ({ disposition: 'ignore' as const, remaining: [], notice: kept(why) });
  const { record } = role;
  if (role.isSuperuser) return ignored('it is a superuser.');
  const restored = {
    disposition: 'restore' as const,
    remaining: [],
    notice: kept('it was there before. It keeps its privileges.'),
  };
  if (!record) {
    if (access.adoptExisting) return restored;
    if (role.falseMarkOf === null) return ignored('this stack did not make it.');
    return ignored(
      `it was made by ${role.falseMarkOf}, who is not the administrator, so its comment is not believed.`,
    );
  }
  switch (roleOwnershipOf(record, owner)) {
    case 'others':
      return record.adopted && access.adoptExisting
        ? { ...restored, disposition: 'ignore', remaining: record.owners }
        : { ...ignored(`${stacksOf(record.owners)} made it.`), remaining: record.owners };
    case 'previous-generation':
      return { disposition: 'keep', remaining: record.owners, notice: kept('a newer deployment uses it.') };
    default: {
      const remaining = coOwnersOf(record, owner);
      if (remaining.length === 0) return record.adopted ? restored : { disposition: 'drop', remaining };
      return {
        disposition: 'keep',
        remaining,
        record: withoutOwner(record, owner),
        notice: kept(`${stacksOf(remaining)} needs it.`),
      };
    }
  }
}
