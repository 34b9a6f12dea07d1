import type { RoleFacts } from '../catalog/role';
import { ident } from '../identifiers';
import type { Owner } from '../../../private/wire/sql';
import { isBeingRemoved, isMadeFor, parseMarker } from '../marker';

/**
 * How a login with the wanted password went: it `fits`; or the role has another one that this library has set, or the server
 * does not let know (`other`); or it has none, or one that somebody else has set (`foreign`).
 */
export type PasswordState = 'fits' | 'other' | 'foreign';

/** The code of the failure where somebody has locked the role. */
export const LOCKED = 'LOCKED';

/**
 * Whether a person has locked the role, as a sentence with the statement that lets it in again: no run undoes that. A run
 * makes a role with login and password, and the removal that takes the login away says so in the comment.
 */
export function roleLock(
  roleName: string,
  found: Pick<RoleFacts, 'canLogin' | 'isExpired' | 'comment'>,
  password: PasswordState,
  { owner, keepForeignPassword = false }: { owner?: Owner; keepForeignPassword?: boolean } = {},
): string | undefined {
  if (isBeingRemoved(found.comment) && (!owner || isMadeFor(found.comment, owner))) return undefined;
  const role = ident(roleName);
  const locked = (how: string, statement: string) =>
    `The role ${role} is locked: ${how}. No run of this library did that, so none undoes it. To let Datafold in again, run: ${statement} Then repeat what failed.`;
  if (!found.canLogin) return locked('it may not log in (NOLOGIN)', `ALTER ROLE ${role} LOGIN;`);
  if (found.isExpired)
    return locked('its password has expired (VALID UNTIL)', `ALTER ROLE ${role} VALID UNTIL 'infinity';`);
  // A role that was there before has a password of somebody else, which the first deployment replaces.
  if (password === 'foreign' && (keepForeignPassword || parseMarker(found.comment) !== undefined))
    return locked(
      'it has no password, or one that somebody else has set, and not that of the secret',
      `\\password ${role} (in psql; type the password that the secret holds).`,
    );
  return undefined;
}
