import { readMissingRelations } from './catalog/missing-relations';
import { readRelationGroups } from './catalog/relation-groups';
import type { SchemaFacts } from './catalog/schemas';
import { perform, type DatabaseWork } from './database-work';
import { planRelations, planSchemaUsage, planWholeSchemas } from './plan/grants';

const PAGE = 2_000;

/** Lets the role read what it cannot read yet. False if time ran out; what stays out of reach, the verification finds. */
export async function grantReading(work: DatabaseWork, granted: readonly SchemaFacts[]): Promise<boolean> {
  const { session, reach, role } = work;
  const { roleName } = work.request.access;
  if (!(await perform(work, planSchemaUsage(roleName, granted))).finished) return false;
  const groups = await readRelationGroups(
    session,
    role.oid,
    granted.map((schema) => schema.oid),
  );
  const lacking = groups.filter((group) => group.missing > 0);
  if (lacking.length === 0) return true;
  const concerned = new Set(lacking.map((group) => group.schema));
  // To name a table takes USAGE on its schema, so be a member of the schemas' owners too.
  const schemaOwners = granted.filter(({ oid }) => concerned.has(oid)).map((schema) => schema.owner);
  await reach.extendTo([...schemaOwners, ...lacking.map((group) => group.owner)]);
  const way = (oid: number) => reach.way(oid);
  // A rehearsal names each relation: it would find them lacking still after `ON ALL TABLES`.
  const whole = session.isRehearsal ? [] : planWholeSchemas(roleName, granted, groups, way);
  if (!(await perform(work, whole)).finished) return false;
  for (let after = 0; ;) {
    const page = await readMissingRelations(session, role.oid, [...concerned], { after, limit: PAGE });
    if (!(await perform(work, planRelations(roleName, granted, page, way))).finished) return false;
    if (page.length < PAGE) return true;
    after = page.at(-1)!.oid;
  }
}
