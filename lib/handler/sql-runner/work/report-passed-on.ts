import { passedOnQuery } from '../catalog/passed-on';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';

const MAX_LISTED = 5;

/** Returns a notice about grants of the role to other roles, which a removal revokes too, with the statements that restore them. */
export async function reportPassedOn(
  session: Session,
  roleName: string,
  role: number,
  only?: readonly string[],
): Promise<string[]> {
  const found = await session.query(passedOnQuery(role, only));
  if (found.length === 0) return [];
  const statements = found
    .slice(0, MAX_LISTED)
    .map(
      ({ kind, identity, privileges, grantee }) =>
        `GRANT ${privileges} ON ${kind} ${identity} TO ${grantee};`,
    );
  const more = found.length > MAX_LISTED ? ` … (${found.length} grants)` : '';
  return [
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} granted privileges to other roles, which lose them with this removal. To restore them, ask the owners to run: ${statements.join(' ')}${more}`,
  ];
}
