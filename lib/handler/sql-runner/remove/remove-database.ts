import type { AccessSpec, Owner } from '../../../private/wire/sql';
import { readRoleDependencies } from '../catalog/dependencies';
import { NO_LIMIT, readHeld } from '../catalog/held';
import { readSchemas, type SchemaFacts } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { whose, type Whose } from '../marker';
import { type DatabaseOutcome, done, type Step } from '../work/database-work';
import { tellKept } from '../work/keep-adopted';
import { Reach } from '../work/reach';
import { reportPassedOn } from '../work/report-passed-on';
import { revokeAll } from '../work/take-away';
import { dropScratch, dropTempSchema } from '../work/temp-schema';
import { clearRole, revokeAtOnce, tellWhatStays } from './clear-role';

/** What becomes of a role whose access to a database ends. */
export interface LeavingRole {
  readonly oid: number;
  /**
   * It is ours and is dropped afterwards, or goes on working in other databases; or a newer incarnation of ours has it, and
   * may have gone on in this database too; or it was there before us and keeps what it has, of which a person is told where
   * it goes on working.
   */
  readonly fate: 'goes' | 'stays' | 'reused' | 'kept' | 'adopted';
}

/** What is to leave a database. */
export interface Departure {
  readonly access: AccessSpec;
  readonly owner: Owner;
  readonly role?: LeavingRole;
}

/** Takes away what runs made in one database, inside the transaction of `session`. */
export async function removeFromDatabase(
  session: Session,
  server: ServerFacts,
  departure: Departure,
): Promise<DatabaseOutcome> {
  const { roleName, tempSchema } = departure.access;
  const reach = new Reach(session, server);
  const schemas = await readSchemas(session, departure.role?.oid);
  const isOurs = isOursHere(departure, schemas);
  const role = isOurs ? departure.role : undefined;
  const notices: string[] = [];
  const isDone = ({ finished, notices: told }: Step) => {
    notices.push(...told);
    return finished;
  };
  if (role) notices.push(...(await reportPassedOn(session, roleName, role.oid)));
  const finished =
    isDone(await takeFromTempSchema(session, reach, departure, schemas, isOurs)) &&
    (role?.fate !== 'goes' || (await revokeAtOnce(session, reach, roleName, role.oid))) &&
    (!role || (await revokeWhatIsHeld(session, reach, roleName, role.oid))) &&
    (!role || isDone(await takeTheRest(session, reach, roleName, role)));
  if (departure.role?.fate === 'adopted') {
    const held = await readHeld(session, departure.role.oid, { except: [tempSchema], limit: NO_LIMIT });
    notices.push(...tellKept(session, roleName, held));
  }
  await reach.giveBack();
  const left = role && finished ? await readRoleDependencies(session, role.oid) : [];
  return { finished, notices, left };
}

/** Whether all that the role has in this database is ours to take back. */
function isOursHere({ access, owner, role }: Departure, schemas: readonly SchemaFacts[]): boolean {
  if (role?.fate !== 'reused') return role?.fate === 'goes' || role?.fate === 'stays';
  // A newer incarnation that has access to this database has a temp schema in it, the same or another.
  const isMarked = (as: Whose) => (schema: SchemaFacts) => whose(schema.comment, owner) === as;
  const former = schemas.filter(isMarked('ours')).some((schema) => schema.name === access.tempSchema);
  return former && !schemas.some(isMarked('ours-of-another-incarnation'));
}

/** Drops the temp schema, or what the role left in it for a newer role to go on using. */
async function takeFromTempSchema(
  session: Session,
  reach: Reach,
  { access, owner, role }: Departure,
  schemas: readonly SchemaFacts[],
  isOurs: boolean,
): Promise<Step> {
  const schema = schemas.find((one) => one.name === access.tempSchema);
  if (!schema) return done();
  const isReused = whose(schema.comment, owner) === 'ours-of-another-incarnation';
  if (!isReused) return dropTempSchema(session, reach, schema, owner, role?.oid);
  const isWorkOfNewer = role?.fate === 'reused' && !isOurs;
  if (!role || isWorkOfNewer) return done();
  return { finished: await dropScratch(session, reach, schema, role.oid), notices: [] };
}

async function takeTheRest(
  session: Session,
  reach: Reach,
  roleName: string,
  { oid, fate }: LeavingRole,
): Promise<Step> {
  return fate === 'goes' ? clearRole(session, reach, roleName, oid) : tellWhatStays(session, roleName, oid);
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
