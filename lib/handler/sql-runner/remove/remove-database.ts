import type { AccessSpec, Owner } from '../../../private/wire/sql';
import { roleDependenciesQuery } from '../catalog/dependencies';
import { NO_LIMIT, grantsQuery } from '../catalog/grants';
import { schemasQuery, type SchemaFacts } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import { ownershipOf } from '../marker';
import { type OwnerEntry, specIn } from '../role-record';
import { type DatabaseOutcome, done, type Step } from '../work/database-work';
import { keptGrantNotices } from '../plan/kept-grants';
import { RoleMemberships } from '../work/role-memberships';
import { reportPassedOn } from '../work/report-passed-on';
import { revokeAll, revokeUnneeded } from '../work/revoke-removed';
import { dropScratch, dropTempSchema } from '../work/temp-schema';
import { clearRole, revokeAtOnce, reportRemainingRights } from './clear-role';

/** What to do with the access of a role to a database. */
export interface RoleInDatabase {
  readonly oid: number;
  /**
   * `drop`: the role is dropped afterwards; `keep`: the role is still used in other databases; `preserve`: an adopted role keeps
   * its grants; `report`: an adopted role keeps its grants, and a notice lists them, because the role is still used.
   */
  readonly disposition: 'drop' | 'keep' | 'preserve' | 'report';
}

/** The access to remove in a database. */
export interface DatabaseRemoval {
  readonly access: AccessSpec;
  /** The owner in the mark of the temp schema. */
  readonly owner: Owner;
  readonly role?: RoleInDatabase;
  /** The remaining owners of the role. */
  readonly remaining: readonly OwnerEntry[];
}

/** Removes the access in one database that no remaining owner needs, inside the transaction of `session`. */
export async function removeFromDatabase(
  session: Session,
  server: ServerFacts,
  removal: DatabaseRemoval,
): Promise<DatabaseOutcome> {
  const { access, remaining } = removal;
  const { roleName, tempSchema } = access;
  const needing = remaining.filter((entry) => specIn(entry, session.databaseName));
  const isOurs = removal.role?.disposition === 'drop' || removal.role?.disposition === 'keep';
  const role = isOurs && needing.length === 0 ? removal.role : undefined;
  const memberships = new RoleMemberships(session, server);
  const schemas = await session.query(schemasQuery(removal.role?.oid));
  const notices: string[] = [];
  const isDone = ({ finished, notices: added }: Step) => {
    notices.push(...added);
    return finished;
  };
  const grantee = { oid: removal.role?.oid ?? 0, isOurs, tempSchemaOwner: removal.owner, coOwners: needing };
  const shared = { session, memberships, notices, role: grantee };
  if (role) notices.push(...(await reportPassedOn(session, roleName, role.oid)));
  const isTempSchemaNeeded = needing.some((entry) => (entry.tempSchema ?? tempSchema) === tempSchema);
  const finished =
    (isTempSchemaNeeded || isDone(await removeTempSchema(session, memberships, removal, schemas))) &&
    (role?.disposition !== 'drop' || (await revokeAtOnce(session, memberships, roleName, role.oid))) &&
    (!role || (await revokeGrants(session, memberships, roleName, role.oid))) &&
    (!role || isDone(await revokeRemaining(session, memberships, roleName, role))) &&
    (!isOurs || needing.length === 0 || (await revokeUnneeded(shared, access, schemas)));
  if (removal.role?.disposition === 'report' && needing.length === 0) {
    const grants = await session.query(
      grantsQuery(removal.role.oid, { except: [tempSchema], limit: NO_LIMIT }),
    );
    notices.push(...keptGrantNotices(session.databaseName, roleName, grants));
  }
  await memberships.restore();
  const left = role && finished ? await session.query(roleDependenciesQuery(role.oid)) : [];
  return { finished, notices, left };
}

/** Drops the temp schema, or only the objects of the role in it if a newer role uses the schema. */
async function removeTempSchema(
  session: Session,
  memberships: RoleMemberships,
  { access, owner, role }: DatabaseRemoval,
  schemas: readonly SchemaFacts[],
): Promise<Step> {
  const schema = schemas.find((one) => one.name === access.tempSchema);
  if (!schema) return done();
  const isReused = ownershipOf(schema.comment, owner) === 'previous-generation';
  if (!isReused) return dropTempSchema(session, memberships, schema, owner, role?.oid);
  if (!role) return done();
  return { finished: await dropScratch(session, memberships, schema, role.oid), notices: [] };
}

async function revokeRemaining(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  { oid, disposition }: RoleInDatabase,
): Promise<Step> {
  return disposition === 'drop'
    ? clearRole(session, memberships, roleName, oid)
    : reportRemainingRights(session, roleName, oid);
}

/** Revokes the grants of the role. Refused statements are reported if the role cannot be dropped. */
async function revokeGrants(
  session: Session,
  memberships: RoleMemberships,
  roleName: string,
  role: number,
): Promise<boolean> {
  const grants = (limit: number) => session.query(grantsQuery(role, { except: [], limit }));
  return (await revokeAll({ session, memberships }, roleName, grants)).finished;
}
