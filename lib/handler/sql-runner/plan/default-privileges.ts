import type { Creator } from '../catalog/creators';
import type { SchemaFacts } from '../catalog/schemas';
import { ident, idents } from '../identifiers';
import { chunks, groupBy, type Statement } from './statement';

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
      text: `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(nameOf(actAs))} IN SCHEMA ${idents(some.map((creator) => names.get(creator.schema)!))} GRANT SELECT ON TABLES TO ${ident(roleName)}`,
      actAs,
    })),
  );
}
