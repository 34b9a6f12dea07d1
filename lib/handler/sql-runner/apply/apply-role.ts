import type { ApplyRequest } from '../../../private/wire/sql';
import { readRole, type RoleFacts } from '../catalog/role';
import { readRolePowers } from '../catalog/role-powers';
import { tryLogin } from '../connection/login';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { isMadeFor } from '../marker';
import { planRole, roleConflict, type RoleSpec } from '../plan/role';
import { dangerOf, powerNotices } from '../plan/role-powers';
import { LOCKED, type PasswordState, roleLock } from '../plan/role-lock';
import { type LimitsPlan, planRoleLimits } from '../plan/role-limits';
import { scramVerifier } from '../scram';

/** What is to be done about the role. */
export interface RoleWork {
  readonly role?: RoleFacts;
  /** Nothing is to be written. */
  readonly isDone: boolean;
  /** What is known of the role's password; that of a locked role is taken for right. */
  readonly password: PasswordState;
  /** Somebody has locked the role, which is left so: what a person is told. */
  readonly lock: string | undefined;
  /** What a person should know of the role. */
  readonly notices: readonly string[];
}

/** Logs in as the role, as far as needed to know that its password is right. */
export type LogIn = () => Promise<void>;

/** Looks at the role; fails if it is not ours to use, dangerous, or locked. Roles can be seen from every database. */
export async function readRoleWork(session: Session, request: ApplyRequest, logIn: LogIn): Promise<RoleWork> {
  const role = await readRole(session, request.access.roleName);
  refuse(role, request);
  const { access, owner } = request;
  const powers = role ? await readRolePowers(session, role.oid) : [];
  const isAdopted = role && !isMadeFor(role.comment, owner);
  const danger = isAdopted ? dangerOf(access.roleName, powers) : undefined;
  if (danger !== undefined && access.onFailedStep !== 'warn') throw new SqlRunnerError(danger, '42501');
  const found = role?.canLogin ? await tryLogin(logIn) : 'other';
  const lock = role && roleLock(access.roleName, role, found, { owner, ...access });
  if (lock !== undefined && access.onFailedStep !== 'warn') throw new SqlRunnerError(lock, LOCKED);
  const password = lock === undefined ? found : 'fits';
  const { statements, notices } = plan(role, request, password);
  const allNotices = [
    ...(lock === undefined ? [] : [lock]),
    ...powerNotices(access.roleName, powers),
    ...notices,
  ];
  return { role, password, lock, notices: allNotices, isDone: statements.length === 0 };
}

/** Makes the role, or what differs in it; returns the role. Role work is done and locked in one agreed database. */
export async function applyRole(
  session: Session,
  request: ApplyRequest,
  password: PasswordState,
): Promise<RoleFacts> {
  const { roleName } = request.access;
  try {
    return await session.transaction(async () => {
      const found = await readRole(session, roleName);
      refuse(found, request);
      for (const { text } of plan(found, request, password).statements) await session.change(text);
      return (await readRole(session, roleName))!;
    });
  } catch (error) {
    throw explain(error, `Setting up role ${ident(roleName)}`);
  }
}

function plan(role: RoleFacts | undefined, request: ApplyRequest, password: PasswordState): LimitsPlan {
  const { access, owner } = request;
  const verifier = password === 'fits' ? undefined : scramVerifier(request.password);
  const previous = request.previous?.roleName === access.roleName ? request.previous : undefined;
  const isOurs = !role || isMadeFor(role.comment, owner);
  const made = {
    connectionLimit: access.connectionLimit ?? -1,
    originalConnectionLimit: null,
    statementTimeouts: [],
  };
  const limits = planRoleLimits(access, previous, role ?? made, isOurs);
  return {
    statements: [...planRole({ ...specOf(request), verifier }, role), ...limits.statements],
    notices: limits.notices,
  };
}

function refuse(role: RoleFacts | undefined, request: ApplyRequest): void {
  const conflict = roleConflict(specOf(request), role);
  if (conflict !== undefined) throw new SqlRunnerError(conflict, role?.isSuperuser ? '42501' : '42710');
}

function specOf({ access, owner, admin }: ApplyRequest): RoleSpec {
  const { roleName, adoptExisting, connectionLimit } = access;
  return { roleName, adminName: admin.user, adoptExisting, owner, connectionLimit };
}
