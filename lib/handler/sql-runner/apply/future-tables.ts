import { readCreatorsWithoutDefault } from '../catalog/creators';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import { ident } from '../identifiers';
import { planDefaultPrivileges } from '../plan/default-privileges';
import { perform, type DatabaseWork } from '../work/database-work';

const NAMED = 5;

/** Lets the role read tables that are made later, whoever makes them. False if time ran out. */
export async function grantFutureTables(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
): Promise<boolean> {
  const { session, reach, role, request, notices } = work;
  if (!request.access.futureTables) return true;
  const schemas = granted.map((schema) => schema.oid);
  const makers = groups
    .filter((group) => group.isMaker)
    .map(({ schema, owner }) => ({ schema, creator: owner }));
  const creators = await readCreatorsWithoutDefault(session, role.oid, schemas, makers);
  await reach.extendTo(creators.map(({ creator }) => creator));
  const nameOf = (oid: number) => reach.nameOf(oid);
  const plan = planDefaultPrivileges(request.access.roleName, granted, creators, nameOf);
  const { finished, refused } = await perform(work, plan);
  for (const { actAs, text } of refused.slice(0, NAMED)) {
    notices.push(
      `Tables that ${ident(nameOf(actAs!))} makes later stay unreadable; as that role, run: ${text};`,
    );
  }
  return finished;
}
