import type { DatabaseSpec } from '../../../private/wire/sql';
import { readReadableExcluded, readShownExcluded } from '../catalog/excluded-tables';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';

const MAX_LISTED = 3;

/** Returns notices about excluded tables that the role can read, and about other relations that show their rows. */
export async function findReadableExcluded(
  session: Session,
  schemas: number[],
  spec: DatabaseSpec,
  roleName: string,
): Promise<string[]> {
  return [
    ...(await findReadable(session, schemas, spec, roleName)),
    ...(await findShown(session, spec, roleName)),
  ];
}

/** Returns a notice about views of excluded tables and parents of excluded partitions. */
async function findShown(
  session: Session,
  { excludeTables }: DatabaseSpec,
  roleName: string,
): Promise<string[]> {
  const found = await readShownExcluded(session, excludeTables, MAX_LISTED);
  if (found.length === 0) return [];
  const [{ count }] = found;
  const names = found.map(
    ({ schema, name, excludedSchema, excludedName }) =>
      `${qualified(schema, name)} shows rows of ${qualified(excludedSchema, excludedName)}`,
  );
  return [
    `Database ${ident(session.databaseName)}: ${ident(roleName)} can read ${count} views of excluded tables or parents of excluded partitions: ${names.join(', ')}${count > MAX_LISTED ? ', …' : ''}. ` +
      'Exclude them too, unless they show only what Datafold may read.',
  ];
}

/** Returns a notice about excluded tables that the role can read, with the statements that revoke SELECT. */
async function findReadable(
  session: Session,
  schemas: number[],
  { excludeTables }: DatabaseSpec,
  roleName: string,
): Promise<string[]> {
  const found = await readReadableExcluded(session, schemas, excludeTables, MAX_LISTED);
  if (found.length === 0) return [];
  const [{ count }] = found;
  const names = found.map(({ schema, name }) => qualified(schema, name)).join(', ');
  const statements = found.map(
    ({ schema, name, byPublic }) =>
      `REVOKE SELECT ON TABLE ${qualified(schema, name)} FROM ${byPublic ? 'PUBLIC' : ident(roleName)};`,
  );
  return [
    `Database ${ident(session.databaseName)}: ${count} of the excluded tables can still be read by ${ident(roleName)}: ${names}${count > MAX_LISTED ? ', …' : ''}. ` +
      `PUBLIC may read them, or another role granted SELECT. To revoke that, run: ${statements.join(' ')}`,
  ];
}
