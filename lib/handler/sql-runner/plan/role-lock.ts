import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident } from '../identifiers';
import { coOwnersOf, type OwnerEntry, roleOwnershipOf, stacksOf } from '../role-record';
import { mayLogIn } from './role';

/**
 * The result of a login with the desired password: `fits`; `other` if this library set another password, or the server does not
 * reveal who set it; `foreign` if the role has no password, or one that another role set.
 */
export type PasswordState = 'fits' | 'other' | 'foreign';

type Found = Pick<RoleFacts, 'canLogin' | 'isExpired' | 'record'>;

/**
 * Returns a message with the unlocking statement if an administrator locked the role, which a run does not undo. Runs create
 * roles with LOGIN and a password, and a removal that revokes LOGIN records that.
 */
export function roleLock(
  roleName: string,
  found: Found,
  password: PasswordState,
  { owner, keepForeignPassword = false }: { owner?: Owner; keepForeignPassword?: boolean } = {},
): string | undefined {
  const { record } = found;
  if (record?.state && (!owner || mayLogIn(record, owner))) return undefined;
  const role = ident(roleName);
  if (!found.canLogin) return locked(role, 'it may not log in (NOLOGIN)', `ALTER ROLE ${role} LOGIN;`);
  if (found.isExpired)
    return locked(
      role,
      'its password has expired (VALID UNTIL)',
      `ALTER ROLE ${role} VALID UNTIL 'infinity';`,
    );
  const isMade = record !== undefined && !record.adopted;
  return password === 'foreign' && (keepForeignPassword || isMade) ? foreignPassword(role) : undefined;
}

function locked(role: string, how: string, statement: string): string {
  return `The role ${role} is locked: ${how}. This library did not lock the role, so it does not unlock it. To unlock the role, run: ${statement} Then repeat the failed operation.`;
}

const foreignPassword = (role: string) =>
  locked(
    role,
    'it has no password, or one that another role set, not the one in the secret',
    `\\password ${role} (in psql; enter the password from the secret).`,
  );

/** What to do about the password of an existing role. */
export interface PasswordPlan {
  /** `set-last`: set it after all other work, because clients with the current password are then locked out. */
  readonly action: 'keep' | 'set' | 'set-last';
  /** Why the role cannot log in, with the next step for the administrator. */
  readonly obstacle?: string;
}

/**
 * Decides what to do about a password that does not fit. The password of other owners is replaced only if this resource takes
 * over the role: `adoptExisting` requests that, unless `passwordSecret` is given.
 */
export function planPassword(
  access: Pick<AccessSpec, 'roleName' | 'passwordIsGiven' | 'keepForeignPassword'>,
  found: Found,
  password: PasswordState,
  owner: Owner,
): PasswordPlan {
  const { roleName, passwordIsGiven, keepForeignPassword } = access;
  const lock = roleLock(roleName, found, password, { owner, keepForeignPassword });
  if (lock !== undefined) return { action: 'keep', obstacle: lock };
  if (password === 'fits') return { action: 'keep' };
  const { record } = found;
  if (!record || record.adopted) return { action: 'keep', obstacle: wrongPassword(roleName) };
  const coOwners = record.state ? [] : coOwnersOf(record, owner);
  const isNew = roleOwnershipOf(record, owner) === 'others';
  if (coOwners.length === 0) return { action: 'set' };
  if (isNew && !passwordIsGiven && !keepForeignPassword) return { action: 'set-last' };
  const holders = coOwners.filter(({ key }) => key === record.password);
  if (!isNew && holders.length === 0) return { action: 'set-last' };
  return { action: 'keep', obstacle: passwordOfOthers(roleName, holders.length > 0 ? holders : coOwners) };
}

function wrongPassword(roleName: string): string {
  const role = ident(roleName);
  return (
    `The role ${role} already exists, and the password in the secret is not its password. The password is not replaced, because clients that use it would be locked out. ` +
    `Store the password of the role in a secret and set passwordSecret; a role without a password needs one first (\\password ${role} in psql). Then deploy again.`
  );
}

function passwordOfOthers(roleName: string, holders: readonly OwnerEntry[]): string {
  const stacks = stacksOf(holders);
  return (
    `The role ${ident(roleName)} is shared with ${stacks} and has the password of that stack, not the one in the secret. The password is not replaced, because clients that use it would be locked out. ` +
    `Set passwordSecret to the secret with the password of ${stacks}, or choose another role name. Then deploy again.`
  );
}

/** Returns the notice about a replaced password that other owners may use. */
export function replacedPassword(roleName: string, coOwners: readonly OwnerEntry[]): string {
  const stacks = stacksOf(coOwners);
  return `The role ${ident(roleName)} now has the password of this stack. Clients with the password of ${stacks}, such as its data sources in Datafold, need the new password. The role is kept when other owners are removed.`;
}
