import { readMissingRelations } from './catalog/missing-relations';
import type { RelationGroup } from './catalog/relation-groups';
import type { SchemaFacts } from './catalog/schemas';
import { perform, type DatabaseWork } from './database-work';
import { planRelations, planSchemaUsage } from './plan/grants';

const PAGE = 10_000;

/** Lets the role into the schemas. False if time ran out. */
export async function grantUsage(work: DatabaseWork, granted: readonly SchemaFacts[]): Promise<boolean> {
  return (await perform(work, planSchemaUsage(work.request.access.roleName, granted))).finished;
}

/** Lets the role read what it cannot read yet. False if time ran out; what stays out of reach, the verification finds. */
export async function grantReading(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
): Promise<boolean> {
  const { session, reach, role } = work;
  const { roleName } = work.request.access;
  const lacking = groups.filter((group) => group.missing > 0);
  if (lacking.length === 0) return true;
  const concerned = new Set(lacking.map((group) => group.schema));
  // To name a table takes USAGE on its schema: where the admin has none, be a member of the schema's owner too.
  const schemaOwners = granted
    .filter(({ oid, adminUsage }) => concerned.has(oid) && !adminUsage)
    .map((schema) => schema.owner);
  await reach.extendTo([...schemaOwners, ...lacking.map((group) => group.owner)]);
  const way = (oid: number) => reach.way(oid);
  for (let after = 0; ;) {
    const page = await readMissingRelations(session, role.oid, [...concerned], { after, limit: PAGE });
    if (!(await perform(work, planRelations(roleName, granted, page, way))).finished) return false;
    if (page.length < PAGE) return true;
    after = page.at(-1)!.oid;
  }
}
