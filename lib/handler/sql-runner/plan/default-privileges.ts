import type { Creator } from '../catalog/creators';
import type { SchemaFacts } from '../catalog/schemas';
import { idents } from '../identifiers';
import { chunks, groupBy, type Statement } from './statement';
import { grantSelectLater } from './privileges';

const SCHEMAS_PER_STATEMENT = 200;

/** Grants SELECT on the tables that each creator creates later. */
export function planDefaultPrivileges(
  roleName: string,
  schemas: readonly SchemaFacts[],
  creators: readonly Creator[],
  nameOf: (role: number) => string,
): Statement[] {
  const names = new Map(schemas.map((schema) => [schema.oid, schema.name]));
  return [...groupBy(creators, (creator) => creator.creator)].flatMap(([actAs, group]) =>
    chunks(group, SCHEMAS_PER_STATEMENT).map((some) => ({
      text: grantSelectLater(
        nameOf(actAs),
        idents(some.map((creator) => names.get(creator.schema)!)),
        roleName,
      ),
      actAs,
    })),
  );
}
