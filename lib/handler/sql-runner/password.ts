import type { PasswordRequest, SqlReport } from '../../private/wire/sql';
import { readRole } from './catalog/role';
import { withSession } from './connection/connections';
import { tryLogin } from './connection/login';
import { retried } from './connection/retry';
import type { Target } from './connection/target';
import { SqlRunnerError } from './errors';
import { ident, literal } from './identifiers';
import { LOCKED, type PasswordState, roleLock } from './plan/role-lock';
import { scramVerifier } from './scram';

/** Gives the role a password, by its verifier only. One that works already is not set again. */
export async function setPassword(target: Target, request: PasswordRequest): Promise<SqlReport> {
  const state = await stateOf(target, request, request.password);
  if (state === 'fits') return report(0);
  const { admin, roleName, maintenanceDatabase, password } = request;
  const role = ident(roleName);
  await retried(target, `Setting the password of role ${role}`, () =>
    withSession(target, admin, maintenanceDatabase, async (session) => {
      const found = await readRole(session, roleName);
      if (!found)
        throw new SqlRunnerError(`There is no role ${role}. Deploy again, which makes it.`, '42704');
      if (found.isSuperuser || roleName === admin.user) {
        const what = found.isSuperuser ? 'a superuser' : 'the admin itself';
        throw new SqlRunnerError(`The role ${role} is ${what}: its password is left alone.`, '42501');
      }
      const isForeign = state === 'foreign' && (await isLost(target, request));
      const lock = roleLock(roleName, found, isForeign ? 'foreign' : 'other', { keepForeignPassword: true });
      if (lock !== undefined) throw new SqlRunnerError(lock, LOCKED);
      await session.transaction(() =>
        session.change(`ALTER ROLE ${role} PASSWORD ${literal(scramVerifier(password))}`),
      );
    }),
  );
  return tryPassword(target, request, 1);
}

/** Fails where the role can't log in with the password. */
export async function tryPassword(
  target: Target,
  request: PasswordRequest,
  statements = 0,
): Promise<SqlReport> {
  if ((await stateOf(target, request, request.password)) === 'fits') return report(statements);
  const { roleName, databaseName } = request;
  throw new SqlRunnerError(
    `The role ${ident(roleName)} can't log in to database ${ident(databaseName)} with the password (28P01).`,
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

/** True where the password that the role should have until now is not the role's. */
async function isLost(target: Target, request: PasswordRequest): Promise<boolean> {
  const { currentPassword } = request;
  return currentPassword !== undefined && (await stateOf(target, request, currentPassword)) !== 'fits';
}

function report(statements: number): SqlReport {
  return { finished: true, statements, databases: [], notices: [] };
}
