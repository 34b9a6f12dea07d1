import type { Owner } from '../../../private/wire/sql';
import type { DatabaseState } from '../catalog/database';
import { readDependentDatabases, roleDependenciesQuery, type RoleDependency } from '../catalog/dependencies';
import { readRole } from '../catalog/role';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident, idents, someOf } from '../identifiers';
import { isOpen, openingStatement } from '../plan/closed-database';
import { dropRole } from '../plan/privileges';
import { isShared } from '../plan/role';

/** The state of the databases before the role is dropped. */
export interface Leftovers {
  /** The remaining dependencies of the role, by database. */
  readonly left: ReadonlyMap<string, readonly RoleDependency[]>;
  readonly there: ReadonlyMap<string, DatabaseState>;
  readonly adminName: string;
  /** Other sessions granted the role new privileges after each revoke. */
  readonly hasNewGrants: boolean;
}

/** Drops the role, unless another owner needs it meanwhile. Returns false if the role still owns objects or has privileges. */
export async function dropUnsharedRole(
  session: Session,
  roleName: string,
  role: number,
  owner: Owner,
): Promise<boolean> {
  try {
    await session.transaction(async () => {
      const found = await readRole(session, roleName);
      if (found?.oid === role && !isShared(found, owner)) await session.change(dropRole(roleName));
    });
    return true;
  } catch (error) {
    const explained = explain(error, `Dropping role ${ident(roleName)}`);
    if (explained.code !== '2BP01') throw explained;
    return false;
  }
}

/** Returns the error that names the remaining dependencies of the role. */
export async function remainingDependencies(
  session: Session,
  roleName: string,
  role: number,
  { left, there, adminName, hasNewGrants }: Leftovers,
): Promise<SqlRunnerError> {
  const privileges = await readDependentDatabases(session, role, 'privileges');
  const holding = privileges.length > 0 ? privileges : await readDependentDatabases(session, role);
  const shared = (await session.query(roleDependenciesQuery(role))).filter((dependency) => dependency.shared);
  const failed = `Dropping role ${ident(roleName)} failed: the role still owns objects or has privileges in`;
  const closed = [...there.values()].filter((state) => holding.includes(state.name) && !isOpen(state));
  if (closed.length > 0) {
    return new SqlRunnerError(
      `${failed} ${idents(closed.map(({ name }) => name))}, which the administrator cannot connect to (2BP01). ` +
        `Ask its owner to run ${openingStatement(closed[0], adminName)} then delete again.`,
      '2BP01',
    );
  }
  const places = holding.map((name) => {
    const here = name === null ? shared : (left.get(name) ?? []).filter((dependency) => !dependency.shared);
    const rights = here.filter(({ owned }) => !owned);
    const objects = someOf((rights.length > 0 ? rights : here).map(({ description }) => description));
    return `${name === null ? 'the server' : ident(name)}${objects ? ` (${objects})` : ''}`;
  });
  const what = `${failed} ${places.join(', ')}`;
  return hasNewGrants
    ? new SqlRunnerError(
        `${what}, and other sessions keep granting privileges to the role (2BP01). Delete again after that ends.`,
        '2BP01',
        true,
      )
    : new SqlRunnerError(
        `${what} that the administrator cannot revoke (2BP01). Ask the grantors to revoke them, then delete again.`,
        '2BP01',
      );
}
