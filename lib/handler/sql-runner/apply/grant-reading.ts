import { readMissingRelations } from '../catalog/missing-relations';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import { qualified } from '../identifiers';
import { planRelations, planSchemaUsage } from '../plan/grants';
import { perform, type DatabaseWork } from '../work/database-work';

const PAGE = 10_000;
const MAX_LISTED = 5;

/** How far one step came before time or locks ran out, and whether owners out of reach were in its way. */
export interface Reading {
  readonly finished: boolean;
  readonly isRefused: boolean;
  /** Relations up to this oid are done with. */
  readonly after: number;
  /** The first relations whose owners are out of reach, each with the statement that such an owner must run. */
  readonly outOfReach?: readonly { readonly relation: string; readonly statement: string }[];
}

/** Lets the role into the schemas. */
export async function grantUsage(work: DatabaseWork, granted: readonly SchemaFacts[]): Promise<Reading> {
  const plan = planSchemaUsage(work.request.access.roleName, granted);
  const { finished, refused } = await perform(work, plan);
  for (const { text } of refused.slice(0, MAX_LISTED)) {
    work.notices.push(`Schemas stay closed, with what is made in them later; let their owner run: ${text};`);
  }
  return { finished, isRefused: refused.length > 0, after: 0 };
}

/** Lets the role read what it cannot read yet, beginning `after` an oid. What stays out of reach, the verification finds. */
export async function grantReading(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
  after: number,
): Promise<Reading> {
  const { session, memberships, role, spec } = work;
  const { roleName } = work.request.access;
  const open = new Set(granted.map(({ oid }) => oid)); // since the groups were counted, a schema may have got another name
  const missing = groups.filter((group) => group.missing > 0 && open.has(group.schema));
  if (missing.length === 0) return { finished: true, isRefused: false, after };
  const concerned = new Set(missing.map((group) => group.schema));
  // To name a table takes USAGE on its schema: where the admin has none, be a member of the schema's owner too.
  const schemaOwners = granted
    .filter(({ oid, adminUsage }) => concerned.has(oid) && !adminUsage)
    .map((schema) => schema.owner);
  await memberships.extendTo([...schemaOwners, ...missing.map((group) => group.owner)]);
  const howToActAs = (oid: number) => memberships.howToActAs(oid);
  let [done, isRefused] = [after, false];
  const outOfReach: { relation: string; statement: string }[] = [];
  while (!session.isBatchFull) {
    const limit = Math.min(PAGE, session.lockBudget);
    const page = await readMissingRelations(
      session,
      role.oid,
      [...concerned],
      { after: done, limit },
      spec.excludeTables,
    );
    const { finished, refused } = await perform(work, planRelations(roleName, granted, page, howToActAs));
    for (const relation of page.filter(({ owner }) => howToActAs(owner) === 'none')) {
      isRefused = true;
      if (outOfReach.length === MAX_LISTED) break;
      const schema = granted.find(({ oid }) => oid === relation.schema)!.name;
      const [{ text }] = planRelations(roleName, granted, [relation], () => 'direct');
      outOfReach.push({ relation: qualified(schema, relation.name), statement: `${text};` });
    }
    isRefused ||= refused.length > 0;
    if (!finished || page.length < limit) return { finished, isRefused, after: done, outOfReach };
    done = page.at(-1)!.oid;
  }
  return { finished: false, isRefused, after: done, outOfReach };
}
