import type { AccessSpec, Owner } from '../../private/wire/sql';
import { readRoleDependencies } from './catalog/dependencies';
import { readHeld } from './catalog/held';
import { readSchemas } from './catalog/schemas';
import type { ServerFacts } from './catalog/server';
import { execute } from './execute';
import { ident } from './identifiers';
import { planRevokes } from './plan/revokes';
import type { Session } from './postgres';
import { Reach } from './reach';
import { dropTempSchema } from './temp-schema';
import type { DatabaseOutcome } from './apply-database';

const PAGE = 2_000;

/** What is to leave a database. */
export interface Departure {
  readonly access: AccessSpec;
  readonly owner: Owner;
  /** The role, if it is ours: an adopted one keeps what it has. */
  readonly role?: number;
}

/** Takes away what runs made in one database, inside the transaction of `session`. */
export async function removeFromDatabase(
  session: Session,
  server: ServerFacts,
  { access, owner, role }: Departure,
): Promise<DatabaseOutcome> {
  const reach = new Reach(session, server);
  const notices: string[] = [];
  const finished = role === undefined || (await revokeAll(session, reach, access.roleName, role));
  if (finished) {
    const schema = (await readSchemas(session, role)).find((one) => one.name === access.tempSchema);
    if (schema) notices.push(...(await dropTempSchema(session, reach, schema, owner, role)));
    if (role !== undefined) notices.push(...(await handOver(session, reach, access.roleName, role)));
  }
  await reach.giveBack();
  return { finished, notices };
}

async function revokeAll(session: Session, reach: Reach, roleName: string, role: number): Promise<boolean> {
  for (;;) {
    const held = await readHeld(session, role, { except: [], limit: PAGE });
    const exactly = held.filter((grant) => grant.grantor !== grant.owner).map((grant) => grant.grantor);
    await reach.extendTo(
      held.map((grant) => grant.grantor),
      new Set(exactly),
    );
    const { finished, refused } = await execute(
      session,
      reach,
      planRevokes(roleName, held, (oid) => reach.nameOf(oid)),
    );
    if (!finished) return false;
    if (held.length < PAGE || refused.length > 0) return true; // what is refused is named when the role cannot go
  }
}

/** Gives the role's own objects to the admin, never drops them, and clears privileges of kinds that runs never grant. */
async function handOver(session: Session, reach: Reach, roleName: string, role: number): Promise<string[]> {
  const left = await readRoleDependencies(session, role);
  if (left.length === 0) return [];
  await reach.extendTo([role], new Set([role]));
  const owned = left.filter((dependency) => dependency.owned).map((dependency) => dependency.description);
  const name = ident(roleName);
  const statements = [
    ...(owned.length > 0 ? [{ text: `REASSIGN OWNED BY ${name} TO CURRENT_USER` }] : []),
    { text: `DROP OWNED BY ${name}` },
  ];
  const { refused } = await execute(session, reach, statements);
  if (owned.length === 0 || refused.length > 0) return [];
  const some = owned.slice(0, 5).join(', ');
  return [
    `Database ${ident(session.databaseName)}: ${name} owned ${some}${owned.length > 5 ? ', …' : ''}; the admin owns them now.`,
  ];
}
