import type { ApplyRequest, DatabaseSpec } from '../../../private/wire/sql';
import { databaseQuery } from '../catalog/database';
import { type Illegible, readIllegible } from '../catalog/legible';
import { relationGroupsQuery } from '../catalog/relation-groups';
import { readRenamed, schemasQuery, type SchemaFacts } from '../catalog/schemas';
import { readServer } from '../catalog/server';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { ident, someIdents } from '../identifiers';
import { secretSchemasNotice } from '../plan/secret-schemas';
import { selectSchemas } from '../plan/select-schemas';
import { planTempSchema } from '../plan/temp-schema';
import {
  beginWork,
  perform,
  type DatabaseOutcome,
  type DatabaseToGrant,
  type DatabaseWork,
  type Grantee,
  type Progress,
} from '../work/database-work';
import { revokeRemoved, revokeExcluded } from '../work/revoke-removed';
import { checkDatabase, tempSchemaSpec } from './check-database';
import { findFutureCreators, grantFutureTables, reportPossibleCreators } from './future-tables';
import { grantReading, grantUsage } from './grant-reading';
import { revokeInherited } from './revoke-inherited';
import { grantConnect } from '../plan/privileges';

/** Applies the desired access in one database in a transaction of its own, whatever its size: for sessions that write nothing. */
export async function applyInOneTransaction(
  session: Session,
  request: ApplyRequest,
  spec: DatabaseSpec,
  role: Grantee,
): Promise<DatabaseOutcome> {
  const database = { session, server: await readServer(session), request, spec, role };
  return session.transaction(() => applyDatabase(database));
}

/** Applies the desired access in one database, as far as time and locks allow, inside the transaction of `session`. */
export async function applyDatabase(database: DatabaseToGrant): Promise<DatabaseOutcome> {
  const work = beginWork(database);
  const { session, server, memberships, request, spec, role } = work;
  const before = session.changes;
  const schemas = await session.query(schemasQuery(role.oid));
  checkDatabase(schemas, request, spec, role.tempSchemaOwner);
  const { granted, unknown, unknownExcluded } = selectSchemas(schemas, spec, request.access.tempSchema);
  for (const [prop, names] of [['schemas', unknown] as const, ['excludeSchemas', unknownExcluded] as const]) {
    if (names.length === 0) continue;
    work.notices.push(
      `Database ${ident(spec.databaseName)} has no schema ${someIdents(names)}, which ${prop} names.`,
    );
  }
  const notice = secretSchemasNotice(spec, granted);
  if (notice !== undefined) work.notices.push(notice);
  const oids = granted.map((schema) => schema.oid);
  if (server.isSqlAscii) work.notices.push(...illegibleNotice(spec, await readIllegible(session, oids)));
  const groups = await session.query(relationGroupsQuery(role.oid, oids, spec.excludeTables));
  const { missing, possible } = await findFutureCreators(work, oids, groups); // before the administrator becomes a member of any role
  const isConnectGranted = await grantConnectAndMakeTempSchema(work, schemas);
  const usage = await grantUsage(work, granted);
  const finished =
    isConnectGranted &&
    usage.finished &&
    (await grantFutureTables(work, granted, missing)) &&
    (await revokeRemoved(work, schemas, granted)) &&
    (await revokeExcluded(work, granted));
  const snapshot = session.changes === before ? { schemas, groups } : undefined; // from here on, the run only grants SELECT
  const outcome = finished
    ? await readingFrom(work, granted, { schemas, groups, possible, after: 0 })
    : { finished, isRefused: false, notices: work.notices };
  await memberships.restore(); // after an error, the rollback restores the memberships
  return { ...outcome, isRefused: usage.isRefused || outcome.isRefused, snapshot };
}

/**
 * Grants SELECT on further relations after the previous transaction used its lock budget. Does not count the relations again,
 * which would take longer than granting. Reads the names of the schemas again, as they may have been renamed.
 */
export async function continueReading(
  database: DatabaseToGrant,
  progress: Progress,
): Promise<DatabaseOutcome> {
  const work = beginWork(database);
  const { session, memberships, request, spec } = work;
  const schemas = await readRenamed(session, progress.schemas);
  const { granted } = selectSchemas(schemas, spec, request.access.tempSchema);
  const outcome = await readingFrom(work, granted, progress);
  await memberships.restore();
  return { ...outcome, snapshot: { schemas: progress.schemas, groups: progress.groups } };
}

async function readingFrom(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  progress: Progress,
): Promise<DatabaseOutcome> {
  const { after, ...reading } = await grantReading(work, granted, progress.groups, progress.after);
  if (reading.finished) reportPossibleCreators(work, progress.possible);
  return { ...reading, notices: work.notices, progress: { ...progress, after } };
}

/** Returns the notice about objects that are skipped because their names cannot be sent to the server. */
function illegibleNotice({ databaseName }: DatabaseSpec, { schemas, relations }: Illegible): string[] {
  if (schemas + relations === 0) return [];
  return [
    `Database ${ident(databaseName)}: the names of ${schemas} schemas and ${relations} relations are not UTF-8 (the encoding of the database is SQL_ASCII), so they were skipped. Rename them if Datafold is to read them.`,
  ];
}

/** False if time ran out. */
async function grantConnectAndMakeTempSchema(
  work: DatabaseWork,
  schemas: readonly SchemaFacts[],
): Promise<boolean> {
  const { session, request, role, spec } = work;
  const { roleName, tempSchema } = request.access;
  const found = schemas.find((schema) => schema.name === tempSchema);
  const [database] = await session.query(databaseQuery(role.oid));
  const owner = found?.ownerName;
  const name = ident(spec.databaseName);

  const connect = { text: grantConnect(spec.databaseName, roleName), actAs: database.owner };
  const connectGrant = await perform(work, database.connect ? [] : [connect]);
  if (connectGrant.refused.length > 0) {
    throw refusal(
      `Granting ${ident(roleName)} CONNECT on database ${name}`,
      `the database belongs to ${ident(database.ownerName)}`,
      connect.text,
    );
  }
  const actAsToCreate = database.mayCreate ? undefined : database.owner;
  const made = await perform(
    work,
    planTempSchema(tempSchemaSpec(request.access, role.tempSchemaOwner), found, actAsToCreate),
  );
  if (made.refused.length === 0) {
    return connectGrant.finished && made.finished && (found !== undefined || (await revokeInherited(work)));
  }
  if (owner !== undefined) {
    throw refusal(
      `Using schema ${ident(tempSchema)} in database ${name}`,
      `the schema belongs to ${ident(owner)}`,
      made.refused[0].text,
    );
  }
  const create = `GRANT CREATE ON DATABASE ${name} TO ${ident(work.server.me)}`;
  throw refusal(
    `Creating schema ${ident(tempSchema)} in database ${name}`,
    `the database belongs to ${ident(database.ownerName)}`,
    create,
  );
}

function refusal(action: string, reason: string, statement: string): SqlRunnerError {
  return new SqlRunnerError(
    `${action} failed: ${reason}, and the administrator may not act as that role (42501). Ask that role to run: ${statement};`,
    '42501',
  );
}
