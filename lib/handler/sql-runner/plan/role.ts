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

/** The desired state of the role. */
export interface DesiredRole {
  readonly access: AccessSpec;
  readonly adminName: string;
  readonly owner: Owner;
  /** The verifier of the password to set now. */
  readonly verifier?: string;
  /** The role gets the password of this owner, now or at the end of the run. */
  readonly takesPassword?: boolean;
  /** The original connection limit of an adopted role. */
  readonly originalConnectionLimit?: number | null;
}

/** Returns why an existing role may not be used; undefined if it may. */
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
    return `The role ${role} already exists. ${found.falseMarkOf} created it and is not the administrator, so its comment, which names a stack, is not trusted. Choose another role name, or set adoptExisting to use it.`;
  if (!record || record.adopted)
    return `The role ${role} already exists, and this stack did not create it. Choose another role name, or set adoptExisting to use it, with its password in passwordSecret.`;
  const stacks = stacksOf(record.owners);
  return (
    `The role ${role} already exists, and ${stacks} created it. Choose another role name, or set adoptExisting. ` +
    `To share the role, also set passwordSecret to the secret with its password. Without passwordSecret, this resource takes over the role: ` +
    `the role gets the password of this stack, and clients with the password of ${stacks} need the new one.`
  );
}

/** Returns the CREATE ROLE statement, without attributes that the role does not need. */
export function createRole(
  { roleName, connectionLimit }: Pick<AccessSpec, 'roleName' | 'connectionLimit'>,
  verifier?: string,
): Statement {
  const limit = connectionLimit === undefined ? '' : ` CONNECTION LIMIT ${connectionLimit}`;
  return { text: `CREATE ROLE ${ident(roleName)} LOGIN${limit}${passwordClause(verifier)}` };
}

/** Plans the statements that create the role and its record, or change what differs. */
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

/** Returns true if this owner may restore the LOGIN of a role. */
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

/** Plans the statements that write `record` into the comment of a role, or without it restore the original comment. */
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

/** Changes the comment of an adopted role on the server: its text belongs to another owner and is not read. */
function setComment(roleName: string, to: string): Statement {
  const name = literal(roleName).trim();
  const body = `DECLARE was text := (SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${name}); BEGIN EXECUTE format('COMMENT ON ROLE %I IS %L', ${name}, ${to}); END`;
  return { text: `DO ${literal(body).trim()}` };
}

/** Returns true if another stack on this server needs the role too. */
export function isShared(found: RoleFacts | undefined, owner: Owner): boolean {
  return coOwnersOf(found?.record, owner).length > 0;
}
