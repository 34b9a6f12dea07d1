import type { ApplyRequest } from '../../../private/wire/sql';
import { readRole, type RoleFacts } from '../catalog/role';
import { readRolePowers } from '../catalog/role-powers';
import { tryLogin } from '../connection/login';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { type DesiredRole, planRole, roleConflict } from '../plan/role';
import { dangerOf, powerNotices } from '../plan/role-powers';
import { type PasswordPlan, planPassword } from '../plan/role-lock';
import { type LimitsPlan, planRoleLimits } from '../plan/role-limits';
import { coOwnersOf, isOwnedBy, tempSchemaOwner } from '../role-record';
import { scramVerifier } from '../scram';
import type { Grantee } from '../work/database-work';
import { LOCKED } from '../sqlstates';

/** What is to be done about the role. */
export interface RoleWork {
  readonly role?: RoleFacts;
  /** Nothing is to be written. */
  readonly isDone: boolean;
  /** It was there before, or is another owner's: this run is the first of this owner. */
  readonly isAdoption: boolean;
  readonly password: PasswordPlan['action'];
  /** The role can't be logged in to, and is left so: what a person is to do. */
  readonly lock: string | undefined;
  /** What a person should know of the role. */
  readonly notices: readonly string[];
}

/** Logs in as the role, as far as needed to know that its password is right. */
export type LogIn = () => Promise<void>;

/**
 * Looks at the role; fails if it is not ours to use, dangerous, or locked. `onFound` learns that an earlier run of this owner had
 * to do with it. Roles can be seen from every database.
 */
export async function readRoleWork(
  session: Session,
  request: ApplyRequest,
  logIn: LogIn,
  onFound?: () => void,
): Promise<RoleWork> {
  const role = await readRole(session, request.access.roleName);
  if (isOwnedBy(role?.record, request.owner)) onFound?.();
  refuse(role, request);
  const { access, owner } = request;
  const powers = role ? await readRolePowers(session, role.oid) : [];
  const isAdoption = role !== undefined && !isOwnedBy(role.record, owner);
  const isOthers = role && (isAdoption || role.record?.adopted);
  const danger = isOthers ? dangerOf(access.roleName, powers) : undefined;
  if (danger !== undefined && access.onFailedStep !== 'warn') throw new SqlRunnerError(danger, '42501');
  const login = role?.canLogin ? await tryLogin(logIn) : 'other';
  const { action: password, obstacle: lock }: PasswordPlan = role
    ? planPassword(access, role, login, owner)
    : { action: 'set' };
  if (lock !== undefined && access.onFailedStep !== 'warn') throw new SqlRunnerError(lock, LOCKED);
  const { statements, notices } = plan(role, request, password);
  return {
    role,
    isAdoption,
    password,
    lock,
    notices: [...(lock === undefined ? [] : [lock]), ...powerNotices(access.roleName, powers), ...notices],
    isDone: statements.length === 0 && password !== 'set-last',
  };
}

/** Makes the role, or what differs in it; returns the role. Role work is done and locked in one agreed database. */
export async function applyRole(
  session: Session,
  request: ApplyRequest,
  password: PasswordPlan['action'],
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

/** The role as the work in the databases needs it. */
export function granteeOf({ oid, record }: RoleFacts, { access, owner }: ApplyRequest): Grantee {
  return {
    oid,
    isOurs: record !== undefined && !record.adopted,
    tempSchemaOwner: tempSchemaOwner(access.roleName, record, owner),
    coOwners: coOwnersOf(record, owner),
  };
}

function plan(
  role: RoleFacts | undefined,
  request: ApplyRequest,
  password: PasswordPlan['action'],
): LimitsPlan {
  const { access } = request;
  const verifier = password === 'set' ? scramVerifier(request.password) : undefined;
  const previous = request.previous?.roleName === access.roleName ? request.previous : undefined;
  const isOurs = !role || (role.record !== undefined && !role.record.adopted);
  const made = {
    connectionLimit: access.connectionLimit ?? -1,
    originalConnectionLimit: null,
    statementTimeouts: [],
  };
  const limits = planRoleLimits(
    access,
    previous,
    role ?? made,
    isOurs,
    coOwnersOf(role?.record, request.owner),
  );
  const { originalConnectionLimit } = limits;
  const takesPassword = password !== 'keep';
  const desired = { ...desiredRole(request), verifier, takesPassword, originalConnectionLimit };
  return { ...limits, statements: [...planRole(desired, role), ...limits.statements] };
}

function refuse(role: RoleFacts | undefined, request: ApplyRequest): void {
  const conflict = roleConflict(desiredRole(request), role);
  if (conflict !== undefined) throw new SqlRunnerError(conflict, role?.isSuperuser ? '42501' : '42710');
}

function desiredRole({ access, owner, admin }: ApplyRequest): DesiredRole {
  return { access, owner, adminName: admin.user };
}
