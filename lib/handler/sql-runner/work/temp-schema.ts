import type { Owner } from '../../../private/wire/sql';
import { readBystanders } from '../catalog/bystanders';
import type { SchemaFacts } from '../catalog/schemas';
import { readScratch } from '../catalog/scratch';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';
import { whose } from '../marker';
import { perform } from './database-work';
import type { Reach } from './reach';

/**
 * Drops a temp schema if a run made it and nothing of others is in it or built on it. Returns what a person should
 * know.
 */
export async function dropTempSchema(
  session: Session,
  reach: Reach,
  schema: SchemaFacts,
  owner: Owner,
  role: number | undefined,
): Promise<string[]> {
  const marked = whose(schema.comment, owner);
  const name = `Schema ${ident(schema.name)} in database ${ident(session.databaseName)}`;
  if (marked !== 'ours') {
    return marked === 'unmarked' ? [`${name} is kept: it was not made by this stack.`] : [];
  }
  const bystanders = await readBystanders(session, schema.oid, role);
  if (bystanders.length > 0) {
    return [`${name} is kept: others use it (${bystanders.map((one) => one.name).join(', ')}).`];
  }
  const text = `DROP SCHEMA ${ident(schema.name)} CASCADE`;
  const { refused } = await perform({ session, reach }, [{ text, actAs: schema.owner }]);
  return refused.length === 0
    ? []
    : [`${name} is kept: the admin may not drop it. Let its owner run: ${text};`];
}

/** Drops what the role left in a temp schema that a newer role goes on using. */
export async function dropScratch(
  session: Session,
  reach: Reach,
  schema: SchemaFacts,
  role: number,
): Promise<void> {
  const scratch = await readScratch(session, schema.oid, role);
  const statements = scratch.map(({ kind, name }) => ({
    text: `DROP ${kind} ${qualified(schema.name, name)}`,
    actAs: schema.owner,
  }));
  await perform({ session, reach }, statements);
}
