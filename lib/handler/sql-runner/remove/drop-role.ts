import type { Owner } from '../../../private/wire/sql';
import type { DatabaseState } from '../catalog/databases';
import { readHoldingDatabases, readRoleDependencies, type RoleDependency } from '../catalog/dependencies';
import { readRole } from '../catalog/role';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident, idents, someOf } from '../identifiers';
import { isOpen, openingStatement } from '../plan/closed-database';
import { isShared } from '../plan/role';

/** What is known of the databases when the role is to go. */
export interface Leftovers {
  /** By database, what the role still has there. */
  readonly left: ReadonlyMap<string, readonly RoleDependency[]>;
  readonly there: ReadonlyMap<string, DatabaseState>;
  readonly adminName: string;
  /** Whenever the admin took something back, others had given it something again. */
  readonly isGivenMore: boolean;
}

/** Drops the role, unless another owner needs it by now. False: it still has something. */
export async function dropRole(
  session: Session,
  roleName: string,
  role: number,
  owner: Owner,
): Promise<boolean> {
  try {
    await session.transaction(async () => {
      const found = await readRole(session, roleName);
      if (found?.oid === role && !isShared(found, owner))
        await session.change(`DROP ROLE ${ident(roleName)}`);
    });
    return true;
  } catch (error) {
    const told = explain(error, `Dropping role ${ident(roleName)}`);
    if (told.code !== '2BP01') throw told;
    return false;
  }
}

/** Says what the role still has, and where. */
export async function stillHolds(
  session: Session,
  roleName: string,
  role: number,
  { left, there, adminName, isGivenMore }: Leftovers,
): Promise<SqlRunnerError> {
  const privileges = await readHoldingDatabases(session, role, 'privileges');
  const holding = privileges.length > 0 ? privileges : await readHoldingDatabases(session, role);
  const shared = (await readRoleDependencies(session, role)).filter((dependency) => dependency.shared);
  const failed = `Dropping role ${ident(roleName)} failed: it still holds something in`;
  const closed = [...there.values()].filter((state) => holding.includes(state.name) && !isOpen(state));
  if (closed.length > 0) {
    return new SqlRunnerError(
      `${failed} ${idents(closed.map(({ name }) => name))}, which the admin can't connect to (2BP01). ` +
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
  return isGivenMore
    ? new SqlRunnerError(
        `${what}, as others go on giving it privileges (2BP01). Delete again when nobody does.`,
        '2BP01',
        true,
      )
    : new SqlRunnerError(
        `${what} that the admin can't take back (2BP01). Let those who granted it revoke it, then delete again.`,
        '2BP01',
      );
}
