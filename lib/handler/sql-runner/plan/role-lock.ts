import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident } from '../identifiers';
import { coOwnersOf, type OwnerEntry, roleOwnershipOf, stacksOf } from '../role-record';
import { mayLogIn } from './role';

/**
 * How a login with the desired password went: it `fits`; or the role has another one that this library has set, or the server
 * does not let know (`other`); or it has none, or one that somebody else has set (`foreign`).
 */
export type PasswordState = 'fits' | 'other' | 'foreign';

type Found = Pick<RoleFacts, 'canLogin' | 'isExpired' | 'record'>;

/**
 * Whether a person has locked the role, as a sentence with the statement that lets it in again: no run undoes that. A run
 * makes a role with login and password, and the removal that takes the login away says so in the record.
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
  return `The role ${role} is locked: ${how}. No run of this library did that, so none undoes it. To let Datafold in again, run: ${statement} Then repeat what failed.`;
}

const foreignPassword = (role: string) =>
  locked(
    role,
    'it has no password, or one that somebody else has set, and not that of the secret',
    `\\password ${role} (in psql; type the password that the secret holds).`,
  );

/** What is to be done about the password of a role that is there. */
export interface PasswordPlan {
  /** `set-last`: when all else is done, since what logs in with the present one is locked out. */
  readonly action: 'keep' | 'set' | 'set-last';
  /** Why the role can't be logged in to: a person must do something first. */
  readonly obstacle?: string;
}

/**
 * Decides about a password that does not fit. One that works for somebody else is replaced only where this resource takes the
 * place of the other owners: `adoptExisting` asks for that, unless the password is given.
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
  if (!record || record.adopted) return { action: 'keep', obstacle: notItsPassword(roleName) };
  const coOwners = record.state ? [] : coOwnersOf(record, owner);
  const isNew = roleOwnershipOf(record, owner) === 'others';
  if (coOwners.length === 0) return { action: 'set' };
  if (isNew && !passwordIsGiven && !keepForeignPassword) return { action: 'set-last' };
  const holders = coOwners.filter(({ key }) => key === record.password);
  if (!isNew && holders.length === 0) return { action: 'set-last' };
  return { action: 'keep', obstacle: passwordOfOthers(roleName, holders.length > 0 ? holders : coOwners) };
}

function notItsPassword(roleName: string): string {
  const role = ident(roleName);
  return (
    `The role ${role} was there before, and the password in the secret is not its password. It is not replaced, since whatever logs in with it would be locked out. ` +
    `Put the password of the role into a secret, and name that as passwordSecret; a role without a password needs one first (\\password ${role} in psql). Then deploy again.`
  );
}

function passwordOfOthers(roleName: string, holders: readonly OwnerEntry[]): string {
  const stacks = stacksOf(holders);
  return (
    `The role ${ident(roleName)} is shared with ${stacks} and has the password of that stack, not the one in the secret. It is not replaced, since whatever logs in with it would be locked out. ` +
    `Name the secret with the password of ${stacks} as passwordSecret, or choose another role name. Then deploy again.`
  );
}

/** What a person is told after a password was replaced that others may use. */
export function replacedPassword(roleName: string, coOwners: readonly OwnerEntry[]): string {
  const stacks = stacksOf(coOwners);
  return `The role ${ident(roleName)} got the password of this stack. What logs in with that of ${stacks}, such as its data sources in Datafold, needs the new one. The role stays when others leave it.`;
}
