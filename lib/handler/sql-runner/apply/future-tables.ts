import { readCreatorsWithoutDefault, type Creator } from '../catalog/creators';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import { ident } from '../identifiers';
import { planDefaultPrivileges } from '../plan/default-privileges';
import { perform, type DatabaseWork } from '../work/database-work';

const NAMED = 5;

/** Who may make tables in the schemas that the role could not read. */
export async function readFutureCreators(
  { session, role, request }: DatabaseWork,
  schemas: number[],
  groups: readonly RelationGroup[],
): Promise<Creator[]> {
  if (!request.access.futureTables) return [];
  const makers = groups
    .filter((group) => group.isMaker)
    .map(({ schema, owner }) => ({ schema, creator: owner }));
  return readCreatorsWithoutDefault(session, role.oid, schemas, makers);
}

/** Lets the role read tables that are made later, whoever of `creators` makes them. False if time ran out. */
export async function grantFutureTables(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  creators: readonly Creator[],
): Promise<boolean> {
  const { reach, request, notices } = work;
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
