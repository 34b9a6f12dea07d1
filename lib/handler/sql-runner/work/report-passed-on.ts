import { readPassedOn } from '../catalog/passed-on';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';

const MAX_LISTED = 5;

/** What others lose together with the role, before it is taken away: the statements that give it to them again. */
export async function reportPassedOn(
  session: Session,
  roleName: string,
  role: number,
  only?: readonly string[],
): Promise<string[]> {
  const found = await readPassedOn(session, role, only);
  if (found.length === 0) return [];
  const statements = found
    .slice(0, MAX_LISTED)
    .map(
      ({ kind, identity, privileges, grantee }) =>
        `GRANT ${privileges} ON ${kind} ${identity} TO ${grantee};`,
    );
  const more = found.length > MAX_LISTED ? ` … (${found.length} grants)` : '';
  return [
    `Database ${ident(session.databaseName)}: role ${ident(roleName)} had passed rights on to others, who lose them with it. Where they are to keep them, let the owners run: ${statements.join(' ')}${more}`,
  ];
}
