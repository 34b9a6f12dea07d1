import type { DatabaseState } from '../catalog/databases';
import { readHoldingDatabases, readRoleDependencies } from '../catalog/dependencies';
import { readRole } from '../catalog/role';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident, idents } from '../identifiers';
import { isOpen, openingStatement } from '../plan/closed-database';

const NAMED = 5;

/** What is known of the databases when the role is to go. */
export interface Leftovers {
  /** By database, what the role still has there. */
  readonly left: ReadonlyMap<string, readonly string[]>;
  readonly there: ReadonlyMap<string, DatabaseState>;
  readonly adminName: string;
}

/** Drops the role; if it still has something, fails with where that is. */
export async function dropRole(
  session: Session,
  roleName: string,
  role: number,
  leftovers: Leftovers,
): Promise<void> {
  try {
    await session.transaction(async () => {
      const found = await readRole(session, roleName);
      if (found?.oid === role) await session.change(`DROP ROLE ${ident(roleName)}`);
    });
  } catch (error) {
    const told = explain(error, `Dropping role ${ident(roleName)}`);
    if (told.code !== '2BP01') throw told;
    const shared = (await readRoleDependencies(session, role)).filter((dependency) => dependency.shared);
    const server = shared.map(({ description }) => description);
    throw stillHolds(roleName, await readHoldingDatabases(session, role), { ...leftovers, server });
  }
}

function stillHolds(
  roleName: string,
  holding: readonly (string | null)[],
  { left, there, adminName, server }: Leftovers & { readonly server: readonly string[] },
): SqlRunnerError {
  const failed = `Dropping role ${ident(roleName)} failed: it still holds something in`;
  const shut = [...there.values()].filter((state) => holding.includes(state.name) && !isOpen(state));
  if (shut.length > 0) {
    return new SqlRunnerError(
      `${failed} ${idents(shut.map(({ name }) => name))}, which the admin can't connect to (2BP01). ` +
        `Let its owner run ${openingStatement(shut[0], adminName)} then delete again.`,
      '2BP01',
    );
  }
  const places = holding.map((name) => {
    const objects = (name === null ? server : left.get(name))?.slice(0, NAMED).join(', ');
    return `${name === null ? 'the server' : ident(name)}${objects ? ` (${objects})` : ''}`;
  });
  return new SqlRunnerError(
    `${failed} ${places.join(', ')} that the admin can neither take back nor take over (2BP01). ` +
      'Let those who granted it revoke it, or give it another owner, then delete again.',
    '2BP01',
  );
}
