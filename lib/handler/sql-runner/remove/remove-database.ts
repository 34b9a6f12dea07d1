import type { AccessSpec, Owner } from '../../../private/wire/sql';
import { readRoleDependencies } from '../catalog/dependencies';
import { NO_LIMIT, readGrants } from '../catalog/grants';
import { readSchemas, type SchemaFacts } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { ownershipOf, type Ownership } from '../marker';
import { type DatabaseOutcome, done, type Step } from '../work/database-work';
import { keptGrantNotices } from '../work/keep-adopted';
import { RoleMemberships } from '../work/role-memberships';
import { reportPassedOn } from '../work/report-passed-on';
import { revokeAll } from '../work/revoke-removed';
import { dropScratch, dropTempSchema } from '../work/temp-schema';
import { clearRole, revokeAtOnce, reportRemainingRights } from './clear-role';

/** What becomes of a role whose access to a database ends. */
export interface RoleDisposition {
  readonly oid: number;
  /**
   * It is ours and is dropped afterwards, or goes on working in other databases; or a newer incarnation of ours has it, and
   * may have gone on in this database too; or it was there before us and keeps what it has, of which a person is told where
   * it goes on working.
   */
  readonly disposition: 'goes' | 'stays' | 'reused' | 'kept' | 'adopted';
}

/** What is to leave a database. */
export interface DatabaseRemoval {
  readonly access: AccessSpec;
  readonly owner: Owner;
  readonly role?: RoleDisposition;
}

/** Takes away what runs made in one database, inside the transaction of `session`. */
export async function removeFromDatabase(
  session: Session,
  server: ServerFacts,
  removal: DatabaseRemoval,
): Promise<DatabaseOutcome> {
  const { roleName, tempSchema } = removal.access;
  const memberships = new RoleMemberships(session, server);
  const schemas = await readSchemas(session, removal.role?.oid);
  const isOurs = isOursHere(removal, schemas);
  const role = isOurs ? removal.role : undefined;
  const notices: string[] = [];
  const isDone = ({ finished, notices: stepNotices }: Step) => {
    notices.push(...stepNotices);
    return finished;
  };
  if (role) notices.push(...(await reportPassedOn(session, roleName, role.oid)));
  const finished =
    isDone(await takeFromTempSchema(session, memberships, removal, schemas, isOurs)) &&
    (role?.disposition !== 'goes' || (await revokeAtOnce(session, memberships, roleName, role.oid))) &&
    (!role || (await revokeGrants(session, memberships, roleName, role.oid))) &&
    (!role || isDone(await revokeRemaining(session, memberships, roleName, role)));
  if (removal.role?.disposition === 'adopted') {
    const grants = await readGrants(session, removal.role.oid, { except: [tempSchema], limit: NO_LIMIT });
    notices.push(...keptGrantNotices(session, roleName, grants));
  }
  await memberships.restore();
  const left = role && finished ? await readRoleDependencies(session, role.oid) : [];
  return { finished, notices, left };
}

/** Whether all that the role has in this database is ours to take back. */
function isOursHere({ access, owner, role }: DatabaseRemoval, schemas: readonly SchemaFacts[]): boolean {
  if (role?.disposition !== 'reused') return role?.disposition === 'goes' || role?.disposition === 'stays';
  // A newer incarnation that has access to this database has a temp schema in it, the same or another.
  const isMarked = (as: Ownership) => (schema: SchemaFacts) => ownershipOf(schema.comment, owner) === as;
  const former = schemas.filter(isMarked('ours')).some((schema) => schema.name === access.tempSchema);
  return former && !schemas.some(isMarked('ours-of-another-incarnation'));
}

/** Drops the temp schema, or what the role left in it for a newer role to go on using. */
async function takeFromTempSchema(
  session: Session,
  memberships: RoleMemberships,
  { access, owner, role }: DatabaseRemoval,
  schemas: readonly SchemaFacts[],
  isOurs: boolean,
): Promise<Step> {
  const schema = schemas.find((one) => one.name === access.tempSchema);
  if (!schema) return done();
  const isReused = ownershipOf(schema.comment, owner) === 'ours-of-another-incarnation';
  if (!isReused) return dropTempSchema(session, memberships, schema, owner, role?.oid);
  const isWorkOfNewer = role?.disposition === 'reused' && !isOurs;
  if (!role || isWorkOfNewer) return done();
  return { finished: await dropScratch(session, memberships, schema, role.oid), notices: [] };
}

async function revokeRemaining(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  { oid, disposition }: RoleDisposition,
): Promise<Step> {
  return disposition === 'goes'
    ? clearRole(session, memberships, roleName, oid)
    : reportRemainingRights(session, roleName, oid);
}

/** What is refused is named when the role cannot go. */
async function revokeGrants(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  role: number,
): Promise<boolean> {
  const grants = (limit: number) => readGrants(session, role, { except: [], limit });
  return (await revokeAll({ session, memberships }, roleName, grants)).finished;
}
