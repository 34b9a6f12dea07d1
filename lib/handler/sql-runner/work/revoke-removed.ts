import type { AccessSpec, ApplyRequest, DatabaseSpec } from '../../../private/wire/sql';
import { readUnknownExcluded } from '../catalog/excluded-tables';
import { NO_LIMIT, grantsQuery, type Grant } from '../catalog/grants';
import type { SchemaFacts } from '../catalog/schemas';
import { ident } from '../identifiers';
import { planRevokes } from '../plan/revokes';
import { selectSchemas } from '../plan/select-schemas';
import { type OwnerEntry, specIn } from '../role-record';
import { perform, type DatabaseWork } from './database-work';
import { keptGrantNotices } from '../plan/kept-grants';
import { reportPassedOn } from './report-passed-on';
import { dropTempSchema } from './temp-schema';

const PAGE = 10_000;
const MAX_LISTED = 5;

/** Work that uses only the desired and the previous access of its request. */
type RevokeWork = Omit<DatabaseWork, 'request' | 'server'> & {
  readonly request: Pick<ApplyRequest, 'access' | 'previous'>;
};

/**
 * Revokes what a removed owner of a database requested and the other owners of the database do not need. Returns false if time or
 * the lock budget ran out.
 */
export async function revokeUnneeded(
  work: Pick<DatabaseWork, 'session' | 'memberships' | 'notices' | 'role'>,
  access: AccessSpec,
  schemas: readonly SchemaFacts[],
): Promise<boolean> {
  const needed = neededIn(work.role.coOwners, work.session.databaseName);
  const granted = schemas.filter(({ name }) =>
    needed.some(({ entry, spec }) => readBy(entry, spec, schemas, access).includes(name)),
  );
  const request = { access: { ...access, databases: [], futureTables: false }, previous: access };
  const revokeWork = { ...work, spec: needed[0].spec, request };
  return (await revokeRemoved(revokeWork, schemas, granted)) && (await revokeExcluded(revokeWork, granted));
}

/**
 * Revokes what the previous request asked for and this request does not: schemas to read, default privileges, a temp schema with
 * another name. Grants elsewhere are kept. Returns false if time or the lock budget ran out.
 */
export async function revokeRemoved(
  work: RevokeWork,
  schemas: readonly SchemaFacts[],
  granted: readonly SchemaFacts[],
): Promise<boolean> {
  const { session, memberships, request, role, notices } = work;
  const previousSchema = schemas.find((schema) => schema.name === previousTempSchema(work));
  if (previousSchema) {
    const removal = await dropTempSchema(
      session,
      memberships,
      previousSchema,
      role.tempSchemaOwner,
      role.oid,
    );
    notices.push(...removal.notices);
    if (!removal.finished || !(await revokeCreate(work, previousSchema, granted))) return false;
  }
  const { left, withoutDefaults } = obsolete(work, schemas, granted);
  if (left.length + withoutDefaults.length === 0) return true;
  const { roleName } = request.access;
  const read = async (limit: number): Promise<Grant[]> => {
    const inLeft = await session.query(grantsQuery(role.oid, { except: [], only: left, limit }));
    const inRemaining = await session.query(
      grantsQuery(role.oid, {
        except: [],
        only: withoutDefaults,
        limit: NO_LIMIT,
      }),
    );
    return [...inLeft, ...inRemaining.filter((grant) => grant.kind === 'default')];
  };
  if (!role.isOurs) {
    notices.push(...keptGrantNotices(session.databaseName, roleName, await read(NO_LIMIT)));
    return true;
  }
  if (left.length > 0) notices.push(...(await reportPassedOn(session, roleName, role.oid, left)));
  const { finished, refused } = await revokeAll(work, roleName, read);
  notices.push(...refused.slice(0, MAX_LISTED).map(notRevokedNotice));
  return finished;
}

/**
 * Revokes SELECT on excluded tables: those granted earlier, and new ones, which default privileges cannot exclude. Returns false if
 * time or the lock budget ran out.
 */
export async function revokeExcluded(work: RevokeWork, granted: readonly SchemaFacts[]): Promise<boolean> {
  const { session, role, spec, notices, request } = work;
  const others = neededIn(role.coOwners, spec.databaseName);
  const tables = (spec.excludeTables ?? []).filter((table) =>
    others.every((other) => other.spec.excludeTables?.includes(table)),
  );
  if (tables.length === 0) return true;
  const { roleName } = request.access;
  const unknown = await readUnknownExcluded(session, tables);
  if (unknown.length > 0)
    notices.push(
      `Database ${ident(spec.databaseName)} has no table ${unknown.slice(0, MAX_LISTED).join(', ')}, which excludeTables names.`,
    );
  const only = granted.map((schema) => schema.name);
  const read = (limit: number) => session.query(grantsQuery(role.oid, { except: [], only, tables, limit }));
  if (!role.isOurs) return true; // the verification reports excluded tables that an adopted role can read
  const { finished, refused } = await revokeAll(work, roleName, read);
  notices.push(...refused.slice(0, MAX_LISTED).map(notRevokedNotice));
  return finished;
}

function notRevokedNotice(text: string): string {
  return `A privilege could not be revoked. Ask its grantor to run: ${text};`;
}

/** Revokes CREATE on a previous temp schema that is now only read. Returns false if time ran out. */
async function revokeCreate(
  work: RevokeWork,
  previousSchema: SchemaFacts,
  granted: readonly SchemaFacts[],
): Promise<boolean> {
  const { access, previous } = work.request;
  const isSameRole = work.role.isOurs && previous?.roleName === access.roleName;
  const isToRead = granted.some((schema) => schema.oid === previousSchema.oid);
  if (!isSameRole || !isToRead || !previousSchema.create) return true;
  const text = `REVOKE CREATE ON SCHEMA ${ident(previousSchema.name)} FROM ${ident(access.roleName)}`;
  const { finished, refused } = await perform(work, [{ text, actAs: previousSchema.owner }]);
  if (refused.length > 0) work.notices.push(notRevokedNotice(text));
  return finished;
}

/** Returns the schemas that no owner reads any longer, and those in which no owner needs default privileges any longer. */
function obsolete(
  { request: { access, previous }, spec, role }: RevokeWork,
  schemas: readonly SchemaFacts[],
  granted: readonly SchemaFacts[],
): { left: string[]; withoutDefaults: string[] } {
  const others = neededIn(role.coOwners, spec.databaseName);
  const read = (some: typeof others) =>
    some.flatMap(({ entry, spec: theirs }) => readBy(entry, theirs, schemas, access));
  const readByOthers = [...read(others), ...others.flatMap(({ entry }) => entry.tempSchema ?? [])];
  const withDefaults = read(others.filter(({ entry }) => entry.futureTables ?? true));
  const desired = granted.map((schema) => schema.name);
  const before = previous?.databases.find((database) => database.databaseName === spec.databaseName);
  if (!previous || !before) return { left: [], withoutDefaults: [] };
  const had = selectSchemas(schemas, before, previous.tempSchema).granted.map(({ name }) => name);
  const left = [...had, previous.tempSchema].filter(
    (name) => ![...desired, ...readByOthers].includes(name) && name !== access.tempSchema,
  );
  const mayHaveDefaults = previous.futureTables && !access.futureTables ? desired : [];
  return { left, withoutDefaults: mayHaveDefaults.filter((name) => !withDefaults.includes(name)) };
}

/** Returns the schemas that an owner reads. */
function readBy(
  { tempSchema }: OwnerEntry,
  spec: DatabaseSpec,
  schemas: readonly SchemaFacts[],
  access: AccessSpec,
): string[] {
  return selectSchemas(schemas, spec, tempSchema ?? access.tempSchema).granted.map(({ name }) => name);
}

/**
 * Revokes the grants that `read` returns, page by page, each as its grantor. `finished` is false if time or the lock budget ran out
 * and grants are left.
 */
export async function revokeAll(
  work: Pick<DatabaseWork, 'session' | 'memberships'>,
  roleName: string,
  read: (limit: number) => Promise<Grant[]>,
): Promise<{ finished: boolean; refused: string[] }> {
  const { session, memberships } = work;
  const keyOf = ({ kind, oid, grantor }: Grant) => `${kind} ${oid} ${grantor}`;
  const tried = new Set<string>();
  for (;;) {
    const size = Math.max(1, Math.min(PAGE, session.lockBudget));
    const grants = await read(size + tried.size);
    const open = grants.filter((grant) => !tried.has(keyOf(grant)));
    // PostgreSQL may accept a REVOKE without effect: the remaining grants are the refused ones.
    const refused = () =>
      planRevokes(roleName, grants, (oid) => memberships.nameOf(oid)).map(({ text }) => text);
    if (open.length === 0) return { finished: true, refused: refused() };
    if (session.isBatchFull) {
      const isStuck = tried.size > 0 && grants.length - open.length === tried.size; // another transaction would not revoke more
      return { finished: isStuck, refused: isStuck ? refused() : [] };
    }
    const page = open.slice(0, size);
    await memberships.extendTo(page.map((grant) => grant.grantor));
    const plan = planRevokes(roleName, page, (oid) => memberships.nameOf(oid));
    if (!(await perform(work, plan)).finished) return { finished: false, refused: [] };
    for (const grant of page) tried.add(keyOf(grant));
  }
}

/** Returns the previous temp schema, if neither this request nor another owner needs it. */
function previousTempSchema({ request, spec, role }: RevokeWork): string | undefined {
  const name = request.previous?.tempSchema;
  const isNeeded = neededIn(role.coOwners, spec.databaseName).some(({ entry }) => entry.tempSchema === name);
  return name === request.access.tempSchema || isNeeded ? undefined : name;
}

/** Returns the access that other owners of the role need in a database. */
function neededIn(coOwners: readonly OwnerEntry[], databaseName: string) {
  return coOwners.flatMap((entry) => {
    const spec = specIn(entry, databaseName);
    return spec ? [{ entry, spec }] : [];
  });
}
