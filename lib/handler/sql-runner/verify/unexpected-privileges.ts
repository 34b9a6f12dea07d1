import type { AccessSpec } from '../../../private/wire/sql';
import { CURRENT_USER } from '../catalog/reader';
import {
  type OtherDatabase,
  otherDatabasesQuery,
  readUnexpectedPrivileges,
  type UnexpectedPrivilege,
} from '../catalog/unexpected-privileges';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';
import { revokeConnect } from '../plan/privileges';

const MAX_LISTED = 20;
const MAX_DATABASES_LISTED = 5;

/** Privileges of the role beyond reading and its temp schema, with the statements that revoke them. */
export interface UnexpectedPrivileges {
  readonly writable: readonly { readonly object: string; readonly statement: string }[];
  readonly writableCount: number;
}

/** Finds the privileges of the current user beyond reading. */
export async function findUnexpectedPrivileges(
  session: Session,
  tempSchema: string,
  role: string,
  versionNum: number,
): Promise<UnexpectedPrivileges> {
  const found = await readUnexpectedPrivileges(session, tempSchema, versionNum, MAX_LISTED);
  return {
    writable: found.map((one) => reportPrivilege(one, role)),
    writableCount: found[0]?.count ?? 0,
  };
}

/**
 * Returns a notice about other databases that the role can connect to, with the statements that revoke CONNECT. Skips template1
 * and the maintenance database, which exist on every server, accept everybody and contain no data.
 */
export async function findOtherDatabases(
  session: Session,
  { roleName, maintenanceDatabase }: AccessSpec,
  named: readonly string[],
): Promise<string[]> {
  const found = await session.query(
    otherDatabasesQuery(CURRENT_USER, [...named, 'template1', maintenanceDatabase]),
  );
  return otherDatabasesNotices(roleName, found);
}

/** Returns the notice about databases that the role can connect to and that are not named. */
export function otherDatabasesNotices(roleName: string, found: readonly OtherDatabase[]): string[] {
  const role = ident(roleName);
  if (found.length === 0) return [];
  const some = found.slice(0, MAX_DATABASES_LISTED);
  const statements = some.flatMap(({ name, byPublic, byItself }) => [
    ...(byPublic ? [`${revokeConnect(ident(name), 'PUBLIC')};`] : []),
    ...(byItself ? [`${revokeConnect(ident(name), role)};`] : []),
  ]);
  const names = some.map(({ name }) => ident(name)).join(', ');
  const more = found.length > some.length ? `, and ${found.length - some.length} more` : '';
  const what = found.length === 1 ? '1 database that is' : `${found.length} databases that are`;
  return [
    `The role ${role} can also connect to ${what} not named: ${names}${more}. ` +
      `The role has the privileges of PUBLIC there. To revoke CONNECT, first grant it to all other roles that need it, then run: ${statements.join(' ')}`,
  ];
}

/** Describes a privilege, with the statement that revokes it. */
export function reportPrivilege(
  one: UnexpectedPrivilege,
  role: string,
): { readonly object: string; readonly statement: string } {
  return { object: describe(one), statement: statementFor(one, role) };
}

function nameOf({ kind, schema, name, args }: UnexpectedPrivilege): string {
  if (kind === 'LARGE OBJECT') return name;
  const full = schema === null ? ident(name) : qualified(schema, name);
  return args === null ? full : `${full}(${args})`;
}

function describe(one: UnexpectedPrivilege): string {
  const { kind, privileges, byPublic, byMembership, isDefiner } = one;
  const what = kind === 'TABLE' ? 'relation' : kind.toLowerCase();
  const definer = isDefiner ? 'SECURITY DEFINER ' : '';
  const by = [
    ...(byPublic ? ['granted to PUBLIC'] : []),
    ...(byMembership.length > 0 ? [`as a member of ${byMembership.map(ident).join(', ')}`] : []),
  ];
  return [`${privileges} on ${definer}${what} ${nameOf(one)}`, ...by].join(', ');
}

/** Returns all statements that revoke a privilege, which may come from several grants. */
function statementFor(one: UnexpectedPrivilege, role: string): string {
  const { kind, privileges, byPublic, byItself, byMembership } = one;
  if (kind === 'ROLE') return `ALTER ROLE ${nameOf(one)} NO${privileges.replaceAll(', ', ' NO')};`;
  const revoke = `REVOKE ${privileges} ON ${kind} ${nameOf(one)} FROM`;
  return [
    ...(byPublic ? [`${revoke} PUBLIC;`] : []),
    ...(byItself ? [`${revoke} ${ident(role)};`] : []),
    ...byMembership.map((group) => `REVOKE ${ident(group)} FROM ${ident(role)};`),
  ].join(' ');
}
