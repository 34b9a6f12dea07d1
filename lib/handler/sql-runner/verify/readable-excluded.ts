import type { DatabaseSpec } from '../../../private/wire/sql';
import { readReadableExcluded } from '../catalog/excluded-tables';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';

const MAX_LISTED = 3;

/** Returns a notice about excluded tables that the role can read, with the statements that revoke SELECT. */
export async function findReadableExcluded(
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
