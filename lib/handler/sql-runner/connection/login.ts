import { SqlRunnerError } from '../errors';
import type { PasswordState } from '../plan/role-lock';
import { isOwnSalt } from '../scram';
import { codeAndMessage } from '../sqlstates';
import { settingThatEnds } from './early-settings';

/** Tests a password by a login, because the catalog does not reveal it and setting it in each run would write without need. */
export async function tryLogin(logIn: () => Promise<void>): Promise<PasswordState> {
  try {
    await logIn();
    return 'fits';
  } catch (error) {
    const { code } = codeAndMessage(error);
    const cause = error instanceof SqlRunnerError ? error.cause : error;
    if (settingThatEnds(cause)) return 'fits'; // the session ended after the login
    if (code === '42501') return 'fits'; // the password is right, but the role may not connect to this database yet
    if (code === '28000') return 'other';
    if (code !== '28P01') throw error;
    const { asked, salt } = (cause ?? {}) as { asked?: 'scram' | 'md5' | 'clear'; salt?: string };
    if (asked === 'clear') return 'other';
    return salt !== undefined && isOwnSalt(salt) ? 'other' : 'foreign';
  }
}
