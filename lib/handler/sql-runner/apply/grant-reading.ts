import { missingRelationsQuery } from '../catalog/missing-relations';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import { qualified } from '../identifiers';
import { planRelations, planSchemaUsage } from '../plan/grants';
import { perform, type DatabaseWork } from '../work/database-work';

const PAGE = 10_000;
const MAX_LISTED = 5;

/** The progress of a step, and whether there are owners that the administrator may not act as. */
export interface Reading {
  readonly finished: boolean;
  readonly isRefused: boolean;
  /** Relations up to this oid are done. */
  readonly after: number;
  /** The first relations whose owners the administrator may not act as, each with the statement for the owner. */
  readonly ungrantable?: readonly { readonly relation: string; readonly statement: string }[];
}

/** Grants USAGE on the schemas. */
export async function grantUsage(work: DatabaseWork, granted: readonly SchemaFacts[]): Promise<Reading> {
  const plan = planSchemaUsage(work.request.access.roleName, granted);
  const { finished, refused } = await perform(work, plan);
  for (const { text } of refused.slice(0, MAX_LISTED)) {
    work.notices.push(
      `The role cannot use some schemas, nor tables that are created in them later. Ask their owner to run: ${text};`,
    );
  }
  return { finished, isRefused: refused.length > 0, after: 0 };
}

/** Grants SELECT on relations that the role cannot read, beginning `after` an oid. The verification reports the remaining ones. */
export async function grantReading(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
  after: number,
): Promise<Reading> {
  const { session, memberships, role, spec } = work;
  const { roleName } = work.request.access;
  const open = new Set(granted.map(({ oid }) => oid)); // a schema may have been renamed since the groups were counted
  const missing = groups.filter((group) => group.missing > 0 && open.has(group.schema));
  if (missing.length === 0) return { finished: true, isRefused: false, after };
  const concerned = new Set(missing.map((group) => group.schema));
  // Naming a table requires USAGE on its schema: without it, the administrator also joins the owner of the schema.
  const schemaOwners = granted
    .filter(({ oid, adminUsage }) => concerned.has(oid) && !adminUsage)
    .map((schema) => schema.owner);
  await memberships.extendTo([...schemaOwners, ...missing.map((group) => group.owner)]);
  const howToActAs = (oid: number) => memberships.howToActAs(oid);
  let [done, isRefused] = [after, false];
  const ungrantable: { relation: string; statement: string }[] = [];
  while (!session.isBatchFull) {
    const limit = Math.min(PAGE, session.lockBudget);
    const page = await session.query(
      missingRelationsQuery(role.oid, [...concerned], { after: done, limit }, spec.excludeTables),
    );
    const { finished, refused } = await perform(work, planRelations(roleName, granted, page, howToActAs));
    for (const relation of page.filter(({ owner }) => howToActAs(owner) === 'none')) {
      isRefused = true;
      if (ungrantable.length === MAX_LISTED) break;
      const schema = granted.find(({ oid }) => oid === relation.schema)!.name;
      const [{ text }] = planRelations(roleName, granted, [relation], () => 'direct');
      ungrantable.push({ relation: qualified(schema, relation.name), statement: `${text};` });
    }
    isRefused ||= refused.length > 0;
    if (!finished || page.length < limit) return { finished, isRefused, after: done, ungrantable };
    done = page.at(-1)!.oid;
  }
  return { finished: false, isRefused, after: done, ungrantable };
}
