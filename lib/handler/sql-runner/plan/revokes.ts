import type { Grant } from '../catalog/grants';
import { ident, idents, qualified } from '../identifiers';
import { revoke, revokeLater } from './privileges';
import { chunks, divisible, groupBy, type Statement } from './statement';

const OBJECTS_PER_STATEMENT = 500;

/** The keyword of ALTER DEFAULT PRIVILEGES for each `pg_default_acl.defaclobjtype`. */
export const DEFAULTS_FOR: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
};

const KEYWORDS = { database: 'DATABASE', schema: 'SCHEMA', relation: 'TABLE', sequence: 'SEQUENCE' } as const;

/** Revokes the grants of the role, each as its grantor. */
export function planRevokes(
  roleName: string,
  grants: readonly Grant[],
  nameOf: (role: number) => string,
): Statement[] {
  const groups = groupBy(grants, ({ kind, grantor, owner, objectType, schema, privileges }) =>
    JSON.stringify([kind, grantor, grantor === owner || privileges, objectType, schema === null]),
  );
  return [...groups.values()].flatMap((group) =>
    chunks(group, OBJECTS_PER_STATEMENT).map((chunk) =>
      divisible(
        chunk,
        (grant) => grant.schema,
        (some) => {
          const { kind, grantor, owner, privileges } = some[0];
          const isOwners = grantor === owner;
          // With ALL, PostgreSQL may pick another grantor than a role that holds grant options for some privileges only.
          const what = isOwners ? 'ALL' : privileges;
          const text =
            kind === 'default'
              ? revokeDefaults(roleName, some, nameOf(grantor))
              : revoke(what, `${KEYWORDS[kind]} ${some.map(nameOfGrant).join(', ')}`, ident(roleName));
          return { text, actAs: grantor, identity: 'required', locks: some.length };
        },
      ),
    ),
  );
}

function revokeDefaults(roleName: string, grants: readonly Grant[], creator: string): string {
  const schemas = grants.flatMap(({ schema }) => schema ?? []);
  const scope = schemas.length === 0 ? '' : ` IN SCHEMA ${idents(schemas)}`;
  const objects = DEFAULTS_FOR[grants[0].objectType!];
  return revokeLater(ident(creator), scope, objects, ident(roleName));
}

function nameOfGrant({ kind, schema, name }: Grant): string {
  return kind === 'database' || kind === 'schema' ? ident(name) : qualified(schema!, name);
}
