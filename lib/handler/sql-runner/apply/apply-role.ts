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
import { changingRole } from '../work/role-sessions';
import { LOCKED } from '../sqlstates';

/** The work to do on the role. */
export interface RoleWork {
  readonly role?: RoleFacts;
  /** Nothing needs to change. */
  readonly isDone: boolean;
  /** The role exists and does not belong to this owner yet. */
  readonly isAdoption: boolean;
  readonly password: PasswordPlan['action'];
  /** Why the role cannot log in, with the next step for the administrator. */
  readonly lock: string | undefined;
  /** Notices about the role. */
  readonly notices: readonly string[];
}

/** Logs in as the role, to test its password. */
export type LogIn = () => Promise<void>;

/**
 * Reads the role and plans the work on it. Fails if the role belongs to another owner, has dangerous rights or is locked. Calls
 * `onFound` if an earlier run of this owner created or adopted the role. Every database shows all roles.
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

/** Creates or changes the role and returns it. All runs do so in the maintenance database, where they lock each other. */
export async function applyRole(
  session: Session,
  request: ApplyRequest,
  password: PasswordPlan['action'],
): Promise<RoleFacts> {
  const { roleName } = request.access;
  try {
    return await changingRole(session, roleName, async () => {
      const found = await readRole(session, roleName);
      refuse(found, request);
      for (const { text } of plan(found, request, password).statements) await session.change(text);
      return (await readRole(session, roleName))!;
    });
  } catch (error) {
    throw explain(error, `Setting up role ${ident(roleName)}`);
  }
}

/** Returns the role in the form that the work in databases uses. */
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
