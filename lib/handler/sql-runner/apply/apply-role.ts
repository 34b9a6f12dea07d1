import type { ApplyRequest } from '../../../private/wire/sql';
import { readRole, type RoleFacts } from '../catalog/role';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { planRole, roleConflict, type RoleWish } from '../plan/role';
import type { Statement } from '../plan/statement';
import { scramVerifier } from '../scram';
import { codeAndMessage } from '../sqlstates';

/** What is to be done about the role. */
export interface RoleWork {
  readonly role?: RoleFacts;
  /** Nothing is to be written. */
  readonly isDone: boolean;
  /** The wanted password is the role's already. */
  readonly passwordFits: boolean;
}

/** Logs in as the role, as far as needed to know that its password is right. */
export type LogIn = () => Promise<void>;

/** Looks at the role; fails if it is not ours to use. Roles can be seen from every database. */
export async function readRoleWork(session: Session, request: ApplyRequest, logIn: LogIn): Promise<RoleWork> {
  const role = await readRole(session, request.access.roleName);
  refuse(role, request);
  const passwordFits = role?.canLogin === true && (await passwordWorks(logIn));
  return { role, passwordFits, isDone: plan(role, request, passwordFits).length === 0 };
}

/** Makes the role, or what differs in it; returns the role. Role work is done and locked in one agreed database. */
export async function applyRole(
  session: Session,
  request: ApplyRequest,
  passwordFits: boolean,
): Promise<RoleFacts> {
  const { roleName } = request.access;
  try {
    return await session.transaction(async () => {
      const found = await readRole(session, roleName);
      refuse(found, request);
      for (const { text } of plan(found, request, passwordFits)) await session.change(text);
      return (await readRole(session, roleName))!;
    });
  } catch (error) {
    throw explain(error, `Setting up role ${ident(roleName)}`);
  }
}

function plan(role: RoleFacts | undefined, request: ApplyRequest, passwordFits: boolean): Statement[] {
  const verifier = passwordFits ? undefined : scramVerifier(request.password);
  return planRole({ ...wishOf(request), verifier }, role);
}

function refuse(role: RoleFacts | undefined, request: ApplyRequest): void {
  const conflict = roleConflict(wishOf(request), role);
  if (conflict !== undefined) throw new SqlRunnerError(conflict, role?.isSuperuser ? '42501' : '42710');
}

function wishOf({ access, owner, admin }: ApplyRequest): RoleWish {
  const { roleName, adoptExisting } = access;
  return { roleName, adminName: admin.user, adoptExisting, owner };
}

/** A password cannot be read back, and to set it again each time would write without need: log in with it. */
async function passwordWorks(logIn: LogIn): Promise<boolean> {
  try {
    await logIn();
    return true;
  } catch (error) {
    const { code } = codeAndMessage(error);
    if (code === '28P01' || code === '28000') return false;
    if (code === '42501') return true; // known, but may not connect to this database yet
    throw error;
  }
}
