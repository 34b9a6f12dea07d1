import type { PasswordRequest, SqlReport } from '../../private/wire/sql';
import { readRole } from './catalog/role';
import { withSession } from './connection/connections';
import { retried } from './connection/retry';
import type { Target } from './connection/target';
import { SqlRunnerError } from './errors';
import { ident, literal } from './identifiers';
import { scramVerifier } from './scram';
import { codeAndMessage } from './sqlstates';

/** Gives the role a password, by its verifier only. One that works already is not set again. */
export async function setPassword(target: Target, request: PasswordRequest): Promise<SqlReport> {
  if (await works(target, request)) return report(0);
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
  if (await works(target, request)) return report(statements);
  const { roleName, databaseName } = request;
  throw new SqlRunnerError(
    `The role ${ident(roleName)} can't log in to database ${ident(databaseName)} with the password (28P01).`,
    '28P01',
  );
}

async function works(
  target: Target,
  { roleName, password, databaseName }: PasswordRequest,
): Promise<boolean> {
  try {
    await withSession(target, { user: roleName, password }, databaseName, () => Promise.resolve());
    return true;
  } catch (error) {
    const { code } = codeAndMessage(error);
    if (code === '28P01' || code === '28000') return false;
    throw error;
  }
}

function report(statements: number): SqlReport {
  return { finished: true, statements, databases: [], notices: [] };
}
