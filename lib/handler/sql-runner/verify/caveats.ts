import { readCaveats, type CaveatKind } from '../catalog/caveats';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';

const NAMED = 3;

/** What is told of each kind, after the number of relations and before their names; and what ends it, for the first. */
const TOLD: Readonly<Record<CaveatKind, (role: string, first: string) => readonly [string, string]>> = {
  'no-policy': (role, first) => [
    `have row-level security and no policy for ${role}, so it sees no rows of them`,
    `Let the owner run, for each: CREATE POLICY ${role} ON ${first} FOR SELECT TO ${role} USING (true);`,
  ],
  invoker: (role) => [
    `are views with security_invoker on relations that ${role} may not read, so reading them fails`,
    'Let it read those too, or exclude the views.',
  ],
  'not-populated': (_role, first) => [
    'are materialized views that are not populated, so reading them fails',
    `Run, for each: REFRESH MATERIALIZED VIEW ${first};`,
  ],
  'no-mapping': (role) => [
    `are foreign tables on servers without a user mapping for ${role}, so reading them fails`,
    `Run CREATE USER MAPPING FOR ${role} for each server.`,
  ],
};

/** Logged in as the role: a sentence for each kind of relation that it may read, and reads in vain. */
export async function findCaveats(session: Session, schemas: number[], roleName: string): Promise<string[]> {
  const found = await readCaveats(session, schemas, NAMED);
  return found.map(({ kind, count, names }) => {
    const all = names.map(([schema, name]) => qualified(schema, name));
    const [what, remedy] = TOLD[kind](ident(roleName), all[0]);
    const more = count > NAMED ? ', …' : '';
    return `Database ${ident(session.databaseName)}: ${count} of the readable relations ${what}: ${all.join(', ')}${more}. ${remedy}`;
  });
}
