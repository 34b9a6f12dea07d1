import type { PasswordRequest } from '../../private/wire/sql';
import type { PasswordReport } from '../../private/wire/sql-reports';
import { readRole } from './catalog/role';
import { withSession } from './connection/connections';
import { tryLogin } from './connection/login';
import { retried } from './connection/retry';
import type { Target } from './connection/target';
import { SqlRunnerError } from './errors';
import { ident, literal } from './identifiers';
import { type PasswordState, roleLock } from './plan/role-lock';
import { scramVerifier } from './scram';
import { LOCKED } from './sqlstates';
import { changingRole } from './work/role-sessions';

/** Sets the password of the role by its SCRAM verifier. Does nothing if the role can log in with the password. */
export async function setPassword(target: Target, request: PasswordRequest): Promise<PasswordReport> {
  const state = await stateOf(target, request, request.password);
  if (state === 'fits') return { changed: false };
  const { admin, roleName, maintenanceDatabase, password } = request;
  const role = ident(roleName);
  await retried(target, `Setting the password of role ${role}`, () =>
    withSession(target, admin, maintenanceDatabase, async (session) => {
      const found = await readRole(session, roleName);
      if (!found)
        throw new SqlRunnerError(`The role ${role} does not exist. Deploy again to create it.`, '42704');
      if (found.isSuperuser || roleName === admin.user) {
        const what = found.isSuperuser ? 'a superuser' : 'the administrator itself';
        throw new SqlRunnerError(`The role ${role} is ${what}: its password is not changed.`, '42501');
      }
      const isForeign = state === 'foreign' && (await isLost(target, request));
      const lock = roleLock(roleName, found, isForeign ? 'foreign' : 'other', { keepForeignPassword: true });
      if (lock !== undefined) throw new SqlRunnerError(lock, LOCKED);
      await changingRole(session, roleName, () =>
        session.change(`ALTER ROLE ${role} PASSWORD ${literal(scramVerifier(password))}`),
      );
    }),
  );
  await tryPassword(target, request);
  return { changed: true };
}

/** Fails if the role cannot log in with the password. */
export async function tryPassword(target: Target, request: PasswordRequest): Promise<PasswordReport> {
  if ((await stateOf(target, request, request.password)) === 'fits') return { changed: false };
  const { roleName, databaseName } = request;
  throw new SqlRunnerError(
    `The role ${ident(roleName)} cannot log in to database ${ident(databaseName)} with the password (28P01).`,
    '28P01',
  );
}

async function stateOf(
  target: Target,
  { roleName, databaseName }: PasswordRequest,
  password: string,
): Promise<PasswordState> {
  return tryLogin(() => withSession(target, { user: roleName, password }, databaseName, async () => {}));
}

/** Returns true if the role cannot log in with its current password either. */
async function isLost(target: Target, request: PasswordRequest): Promise<boolean> {
  const { currentPassword } = request;
  return currentPassword !== undefined && (await stateOf(target, request, currentPassword)) !== 'fits';
}
