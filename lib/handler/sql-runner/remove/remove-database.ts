import type { AccessSpec, Owner } from '../../../private/wire/sql';
import { readRoleDependencies } from '../catalog/dependencies';
import { readHeld } from '../catalog/held';
import { readSchemas } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { whose } from '../marker';
import type { DatabaseOutcome } from '../work/database-work';
import { tellKept } from '../work/keep-adopted';
import { Reach } from '../work/reach';
import { revokeAll } from '../work/take-away';
import { dropScratch, dropTempSchema } from '../work/temp-schema';
import { handOver, tellWhatStays } from './hand-over';

/** What is to leave a database. */
export interface Departure {
  readonly access: AccessSpec;
  readonly owner: Owner;
  /** The role, if it is ours: an adopted one keeps what it has. */
  readonly role?: number;
  /** The role goes on working in other databases. */
  readonly roleStays?: boolean;
  /** A role that is not ours and of whose grants a person is to be told. */
  readonly adopted?: number;
}

/** Takes away what runs made in one database, inside the transaction of `session`. */
export async function removeFromDatabase(
  session: Session,
  server: ServerFacts,
  { access, owner, role, roleStays, adopted }: Departure,
): Promise<DatabaseOutcome> {
  const reach = new Reach(session, server);
  const notices: string[] = [];
  const finished = role === undefined || (await revokeWhatIsHeld(session, reach, access.roleName, role));
  if (finished) {
    const schema = (await readSchemas(session, role)).find((one) => one.name === access.tempSchema);
    if (schema) notices.push(...(await dropTempSchema(session, reach, schema, owner, role)));
    if (role !== undefined) {
      const isReused = schema && whose(schema.comment, owner) === 'ours-of-another-incarnation';
      if (isReused) await dropScratch(session, reach, schema, role);
      const rest = roleStays
        ? await tellWhatStays(session, access.roleName, role)
        : await handOver(session, reach, access.roleName, role);
      notices.push(...rest);
    }
  }
  if (adopted !== undefined) {
    notices.push(...(await tellKept(session, access.roleName, adopted, { except: [access.tempSchema] })));
  }
  await reach.giveBack();
  const left = role === undefined || !finished ? [] : await readRoleDependencies(session, role);
  return { finished, notices, left: left.map((dependency) => dependency.description) };
}

/** What is refused is named when the role cannot go. */
async function revokeWhatIsHeld(
  session: Session,
  reach: Reach,
  roleName: string,
  role: number,
): Promise<boolean> {
  const held = (limit: number) => readHeld(session, role, { except: [], limit });
  return (await revokeAll({ session, reach }, roleName, held)).finished;
}
