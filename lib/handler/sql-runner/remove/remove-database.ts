import type { AccessSpec, Owner } from '../../../private/wire/sql';
import { readRoleDependencies } from '../catalog/dependencies';
import { readHeld } from '../catalog/held';
import { readSchemas } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { whose } from '../marker';
import { type DatabaseOutcome, done, type Step } from '../work/database-work';
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
  departure: Departure,
): Promise<DatabaseOutcome> {
  const { access, role, roleStays, adopted } = departure;
  const reach = new Reach(session, server);
  const notices: string[] = [];
  const isDone = ({ finished, notices: told }: Step) => {
    notices.push(...told);
    return finished;
  };
  const finished =
    (role === undefined || (await revokeWhatIsHeld(session, reach, access.roleName, role))) &&
    isDone(await takeFromTempSchema(session, reach, departure)) &&
    (role === undefined || isDone(await takeTheRest(session, reach, access.roleName, role, roleStays)));
  if (finished && adopted !== undefined) {
    notices.push(...(await tellKept(session, access.roleName, adopted, { except: [access.tempSchema] })));
  }
  await reach.giveBack();
  const left = role === undefined || !finished ? [] : await readRoleDependencies(session, role);
  return { finished, notices, left: left.map((dependency) => dependency.description) };
}

/** Drops the temp schema, or what the role left in it for a newer role to go on using. */
async function takeFromTempSchema(
  session: Session,
  reach: Reach,
  { access, owner, role }: Departure,
): Promise<Step> {
  const schema = (await readSchemas(session, role)).find((one) => one.name === access.tempSchema);
  if (!schema) return done();
  const isReused = whose(schema.comment, owner) === 'ours-of-another-incarnation';
  if (!isReused) return dropTempSchema(session, reach, schema, owner, role);
  return { finished: role === undefined || (await dropScratch(session, reach, schema, role)), notices: [] };
}

async function takeTheRest(
  session: Session,
  reach: Reach,
  roleName: string,
  role: number,
  roleStays = false,
): Promise<Step> {
  return roleStays ? tellWhatStays(session, roleName, role) : handOver(session, reach, roleName, role);
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
