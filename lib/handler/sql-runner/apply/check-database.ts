import type { AccessSpec, ApplyRequest, DatabaseSpec, Owner } from '../../../private/wire/sql';
import type { RoleFacts } from '../catalog/role';
import { schemasQuery, type SchemaFacts } from '../catalog/schemas';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { ident, someIdents } from '../identifiers';
import { selectSchemas } from '../plan/select-schemas';
import { tempSchemaConflict, type TempSchemaSpec } from '../plan/temp-schema';
import { tempSchemaOwner } from '../role-record';

/** Reads the schemas of a database and checks them before anything changes. `role` is absent if it does not exist yet. */
export async function readAndCheck(
  session: Session,
  request: ApplyRequest,
  spec: DatabaseSpec,
  role: RoleFacts | undefined,
): Promise<void> {
  const owner = tempSchemaOwner(request.access.roleName, role?.record, request.owner);
  checkDatabase(await session.query(schemasQuery(role?.oid)), request, spec, owner);
}

/** Fails, before anything changes, if a named schema does not exist or the temp schema belongs to another owner. */
export function checkDatabase(
  schemas: readonly SchemaFacts[],
  request: ApplyRequest,
  spec: DatabaseSpec,
  owner: Owner,
): void {
  const database = `Database ${ident(spec.databaseName)}`;
  const { tempSchema } = request.access;
  const { unknown } = selectSchemas(schemas, spec, tempSchema);
  if (unknown.length > 0 && request.access.onMissing !== 'warn') {
    const message = `${database} has no schema ${someIdents(unknown)} (3F000). Correct \`schemas\`, or create it first.`;
    throw new SqlRunnerError(message, '3F000');
  }
  const found = schemas.find((schema) => schema.name === tempSchema);
  const conflict = tempSchemaConflict(tempSchemaSpec(request.access, owner), found);
  if (conflict !== undefined) throw new SqlRunnerError(`${database}: ${conflict}`, '42P06');
}

/** Returns the desired state of the temp schema. */
export function tempSchemaSpec(access: AccessSpec, owner: Owner): TempSchemaSpec {
  return { name: access.tempSchema, roleName: access.roleName, adoptExisting: access.adoptExisting, owner };
}
