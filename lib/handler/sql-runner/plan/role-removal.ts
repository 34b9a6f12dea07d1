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
 * What to do with a role when an owner is removed: `drop` it; `keep` it without the access that only this owner needed; `restore`
 * an adopted role, which keeps its grants; `ignore` a role that this owner does not own.
 */
type Disposition = 'drop' | 'keep' | 'restore' | 'ignore';

/** What becomes of a role. */
export interface RoleRemoval {
  readonly disposition: Disposition;
  /** The remaining owners and the access that they need. */
  readonly remaining: readonly OwnerEntry[];
  /** The new record; absent if it does not change. */
  readonly record?: RoleRecord;
  /** Why the role is not dropped. */
  readonly notice?: string;
}

/** Decides what to do with the role, from its record alone. */
export function planRoleRemoval(access: AccessSpec, owner: Owner, role: RoleFacts | undefined): RoleRemoval {
  if (!role) return { disposition: 'ignore', remaining: [] };
  const kept = (why: string) => `Role ${ident(access.roleName)} is kept: ${why}`;
  const ignored = (why: string) => ({ disposition: 'ignore' as const, remaining: [], notice: kept(why) });
  const { record } = role;
  if (role.isSuperuser) return ignored('it is a superuser.');
  const restored = {
    disposition: 'restore' as const,
    remaining: [],
    notice: kept('it existed before this library. It keeps its privileges.'),
  };
  if (!record) {
    if (access.adoptExisting) return restored;
    if (role.falseMarkOf === null) return ignored('this stack did not create it.');
    return ignored(
      `${role.falseMarkOf} created it and is not the administrator, so its comment is not trusted.`,
    );
  }
  switch (roleOwnershipOf(record, owner)) {
    case 'others':
      return record.adopted && access.adoptExisting
        ? { ...restored, disposition: 'ignore', remaining: record.owners }
        : { ...ignored(`${stacksOf(record.owners)} created it.`), remaining: record.owners };
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
