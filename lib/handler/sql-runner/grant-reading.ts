import { readMissingRelations } from './catalog/missing-relations';
import type { RelationGroup } from './catalog/relation-groups';
import type { SchemaFacts } from './catalog/schemas';
import { perform, type DatabaseWork } from './database-work';
import { planRelations, planSchemaUsage } from './plan/grants';

const PAGE = 10_000;

/** Lets the role into the schemas. False if time or locks ran out. */
export async function grantUsage(work: DatabaseWork, granted: readonly SchemaFacts[]): Promise<boolean> {
  return (await perform(work, planSchemaUsage(work.request.access.roleName, granted))).finished;
}

/**
 * Lets the role read what it cannot read yet, beginning `after` an oid; says how far it came before time or locks ran
 * out. What stays out of reach, the verification finds.
 */
export async function grantReading(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
  after: number,
): Promise<{ finished: boolean; after: number }> {
  const { session, reach, role } = work;
  const { roleName } = work.request.access;
  const lacking = groups.filter((group) => group.missing > 0);
  if (lacking.length === 0) return { finished: true, after };
  const concerned = new Set(lacking.map((group) => group.schema));
  // To name a table takes USAGE on its schema: where the admin has none, be a member of the schema's owner too.
  const schemaOwners = granted
    .filter(({ oid, adminUsage }) => concerned.has(oid) && !adminUsage)
    .map((schema) => schema.owner);
  await reach.extendTo([...schemaOwners, ...lacking.map((group) => group.owner)]);
  const way = (oid: number) => reach.way(oid);
  let done = after;
  while (!session.isShareUsed) {
    const limit = Math.min(PAGE, session.room);
    const page = await readMissingRelations(session, role.oid, [...concerned], { after: done, limit });
    const { finished } = await perform(work, planRelations(roleName, granted, page, way));
    if (!finished || page.length < limit) return { finished, after: done };
    done = page.at(-1)!.oid;
  }
  return { finished: false, after: done };
}
