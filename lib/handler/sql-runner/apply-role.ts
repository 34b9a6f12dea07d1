import type { ApplyRequest } from '../../private/wire/sql';
import { readRole, type RoleFacts } from './catalog/role';
import { explain, SqlRunnerError } from './errors';
import { ident } from './identifiers';
import { planRole, roleConflict } from './plan/role';
import { type Session, type Target, withSession } from './postgres';
import { scramVerifier } from './scram';
import { codeAndMessage } from './sqlstates';
import type { Statement } from './plan/statement';

/** Makes the role, or what differs in it; returns the role. Role work is done in one agreed database. */
export async function applyRole(session: Session, target: Target, request: ApplyRequest): Promise<RoleFacts> {
  const { roleName, adoptExisting } = request.access;
  const found = await readRole(session, roleName);
  const wish = { roleName, adoptExisting, owner: request.owner };
  refuse(roleConflict(wish, found), found);
  const passwordFits = found?.canLogin === true && (await passwordWorks(target, request));
  const plan = (role: RoleFacts | undefined): Statement[] => {
    refuse(roleConflict(wish, role), role);
    const verifier = passwordFits ? undefined : scramVerifier(request.password);
    return planRole({ ...wish, verifier }, role);
  };
  if (found && plan(found).length === 0) return found;
  try {
    return await session.transaction(async () => {
      for (const statement of plan(await readRole(session, roleName))) await session.change(statement.text);
      return (await readRole(session, roleName))!;
    });
  } catch (error) {
    throw explain(error, `Setting up role ${ident(roleName)}`);
  }
}

function refuse(conflict: string | undefined, found: RoleFacts | undefined): void {
  if (conflict !== undefined) throw new SqlRunnerError(conflict, found?.isSuperuser ? '42501' : '42710');
}

/** Logs in with the password: it cannot be read back, and setting it again each time would write without need. */
async function passwordWorks(target: Target, { access, password }: ApplyRequest): Promise<boolean> {
  const database = access.databases[0]?.databaseName ?? access.maintenanceDatabase;
  try {
    await withSession(target, { user: access.roleName, password }, database, () => Promise.resolve());
    return true;
  } catch (error) {
    const { code } = codeAndMessage(error);
    if (code === '28P01' || code === '28000') return false;
    if (code === '42501') return true; // known, but may not connect to this database yet
    throw error;
  }
}
