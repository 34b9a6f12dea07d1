import type { ApplyRequest, DatabaseSpec } from '../../private/wire/sql';
import { readDatabase } from './catalog/database';
import { readSchemas, type SchemaFacts } from './catalog/schemas';
import type { ServerFacts } from './catalog/server';
import { checkDatabase, tempSchemaWish } from './check-database';
import { perform, type DatabaseOutcome, type DatabaseWork, type Grantee } from './database-work';
import { SqlRunnerError } from './errors';
import { grantFutureTables } from './future-tables';
import { grantReading } from './grant-reading';
import { ident, someIdents } from './identifiers';
import { selectSchemas } from './plan/select-schemas';
import { planTempSchema } from './plan/temp-schema';
import type { Session } from './postgres';
import { Reach } from './reach';
import { takeAwayTheRest } from './take-away';

/** Brings one database to what is wanted, inside the transaction of `session`. */
export async function applyDatabase(
  session: Session,
  server: ServerFacts,
  request: ApplyRequest,
  spec: DatabaseSpec,
  role: Grantee,
): Promise<DatabaseOutcome> {
  const reach = new Reach(session, server);
  const work: DatabaseWork = { session, reach, request, spec, role, notices: [] };
  const schemas = await readSchemas(session, role.oid);
  checkDatabase(schemas, request, spec);
  const { granted, unknownExcluded } = selectSchemas(schemas, spec, request.access.tempSchema);
  if (unknownExcluded.length > 0) {
    const names = someIdents(unknownExcluded);
    work.notices.push(
      `Database ${ident(spec.databaseName)} has no schema ${names}; excludeSchemas names it.`,
    );
  }
  await letInAndMakeTempSchema(work, schemas);
  const finished =
    (await grantReading(work, granted)) &&
    (await grantFutureTables(work, granted)) &&
    (await takeAwayTheRest(work, schemas, granted));
  await reach.giveBack(); // after an error, the rollback does it
  return { finished, notices: work.notices };
}

async function letInAndMakeTempSchema(work: DatabaseWork, schemas: readonly SchemaFacts[]): Promise<void> {
  const { session, request, role, spec } = work;
  const { roleName, tempSchema } = request.access;
  const database = await readDatabase(session, role.oid);
  const found = schemas.find((schema) => schema.name === tempSchema);
  const connect = `GRANT CONNECT ON DATABASE ${ident(spec.databaseName)} TO ${ident(roleName)}`;
  const { refused } = await perform(work, [
    ...(database.connect ? [] : [{ text: connect, actAs: database.owner }]),
    ...planTempSchema(tempSchemaWish(request), found, database.owner),
  ]);
  if (refused.length === 0) return;
  throw new SqlRunnerError(
    `Setting up database ${ident(spec.databaseName)} failed: it belongs to ${ident(database.ownerName)}, and the admin may not act as its owner (42501). ` +
      `Let ${ident(database.ownerName)} run GRANT CREATE ON DATABASE ${ident(spec.databaseName)} TO the admin WITH GRANT OPTION, and deploy again.`,
    '42501',
  );
}
