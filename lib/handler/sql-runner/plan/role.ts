import type { AccessSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { ident, literal } from '../identifiers';
import {
  coOwnersOf,
  entryOf,
  isOwnedBy,
  newRecord,
  recordText,
  roleComment,
  type RoleRecord,
  stacksOf,
  withOwner,
} from '../role-record';
import type { Statement } from './statement';

/** What is desired of the role. */
export interface DesiredRole {
  readonly access: AccessSpec;
  readonly adminName: string;
  readonly owner: Owner;
  /** Set when the password must be set now. */
  readonly verifier?: string;
  /** The role gets the password of this owner, now or last of all. */
  readonly takesPassword?: boolean;
  /** The connection limit of an adopted role before a run set another one. */
  readonly originalConnectionLimit?: number | null;
}

/** Why the role of that name may not be used, if so. */
export function roleConflict(
  { access, adminName, owner }: DesiredRole,
  found: RoleFacts | undefined,
): string | undefined {
  if (!found) return undefined;
  const role = ident(access.roleName);
  if (access.roleName === adminName)
    return `The role ${role} is the administrator itself. Choose another role name.`;
  if (found.isSuperuser) return `The role ${role} is a superuser. Choose another role name.`;
  const { record } = found;
  if (access.adoptExisting || (isOwnedBy(record, owner) && !record?.adopted)) return undefined;
  if (found.falseMarkOf !== null)
    return `The role ${role} already exists and was made by ${found.falseMarkOf}, who is not the administrator: its comment, which names a stack, is not believed. Choose another role name, or set adoptExisting to use it as it is.`;
  if (!record || record.adopted)
    return `The role ${role} already exists and this stack did not make it. Choose another role name, or set adoptExisting to use it as it is, with its password in passwordSecret.`;
  const stacks = stacksOf(record.owners);
  return (
    `The role ${role} already exists and ${stacks} made it. Choose another role name, or set adoptExisting: ` +
    `with the secret of its password as passwordSecret, both share the role; without, as where this resource takes the place of the other, ` +
    `the role gets the password of this stack, and what logs in with that of ${stacks} needs the new one.`
  );
}

/** The statement that makes the role. Attributes that it does not need are never named. */
export function createRole(
  { roleName, connectionLimit }: Pick<AccessSpec, 'roleName' | 'connectionLimit'>,
  verifier?: string,
): Statement {
  const limit = connectionLimit === undefined ? '' : ` CONNECTION LIMIT ${connectionLimit}`;
  return { text: `CREATE ROLE ${ident(roleName)} LOGIN${limit}${passwordClause(verifier)}` };
}

/** Makes the role and records its owner, or sets what is not as desired. */
export function planRole(desired: DesiredRole, found: RoleFacts | undefined): Statement[] {
  const { access, owner, verifier } = desired;
  const role = ident(access.roleName);
  const record = desiredRecord(desired, found);
  if (!found) return [createRole(access, verifier), commentOnRole(role, record)];
  const isLockedByRemoval = found.record?.state !== undefined && mayLogIn(found.record, owner);
  const login = !found.canLogin && isLockedByRemoval ? ' LOGIN' : '';
  const password = passwordClause(verifier);
  return [
    ...(login || password ? [{ text: `ALTER ROLE ${role}${login}${password}` }] : []),
    ...planRecord(access.roleName, found, record),
  ];
}

/** True where a removal took the login away from a role that nobody else needs. */
export function mayLogIn(record: RoleRecord, owner: Owner): boolean {
  return isOwnedBy(record, owner) || record.state !== undefined;
}

const passwordClause = (verifier: string | undefined) =>
  verifier === undefined ? '' : ` PASSWORD ${literal(verifier)}`;

function desiredRecord(
  { access, owner, takesPassword, originalConnectionLimit }: DesiredRole,
  found: RoleFacts | undefined,
): RoleRecord {
  const before = found?.record ?? newRecord(owner, found !== undefined);
  const { connectionLimit: _, ...record } = withOwner(before, entryOf(owner, access));
  return {
    ...record,
    ...(typeof originalConnectionLimit === 'number' && { connectionLimit: originalConnectionLimit }),
    ...(takesPassword && !record.adopted && { password: owner.key }),
  };
}

/** The statements by which the comment of a role says what `record` does; without it, what it said before. */
export function planRecord(
  roleName: string,
  { record: before, recordLength, mayComment }: Pick<RoleFacts, 'record' | 'recordLength' | 'mayComment'>,
  record: RoleRecord | undefined,
): Statement[] {
  const [was, is] = [before && recordText(before), record && recordText(record)];
  if (was === is || !mayComment) return [];
  if (record && !record.adopted) return [commentOnRole(ident(roleName), record)];
  const text = recordLength === null ? `coalesce(was, '')` : `left(was, -${recordLength + 1})`;
  return [
    setComment(roleName, is === undefined ? `nullif(${text}, '')` : `${text} || ${literal(` ${is}`).trim()}`),
  ];
}

function commentOnRole(role: string, record: RoleRecord): Statement {
  return { text: `COMMENT ON ROLE ${role} IS ${literal(roleComment(record))}` };
}

/** The comment of an adopted role is somebody else's: it is changed on the server, so that it need not be read. */
function setComment(roleName: string, to: string): Statement {
  const name = literal(roleName).trim();
  const body = `DECLARE was text := (SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${name}); BEGIN EXECUTE format('COMMENT ON ROLE %I IS %L', ${name}, ${to}); END`;
  return { text: `DO ${literal(body).trim()}` };
}

/** True where another stack on this server needs the role, too. */
export function isShared(found: RoleFacts | undefined, owner: Owner): boolean {
  return coOwnersOf(found?.record, owner).length > 0;
}
