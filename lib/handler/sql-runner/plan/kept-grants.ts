import type { Grant } from '../catalog/grants';
import { ident, idents } from '../identifiers';
import { revokeConnect } from './privileges';

/** Returns statements that revoke those grants of the role that runs may have made. Empty if there are none. */
export function statementsForKept(roleName: string, grants: readonly Grant[]): string[] {
  const from = `FROM ${ident(roleName)};`;
  const some = (kind: Grant['kind'], name: (grant: Grant) => string | null) => {
    const names = grants
      .filter((grant) => grant.kind === kind && (grant.objectType ?? 'r') === 'r')
      .map(name);
    const all = [...new Set(names.filter((one) => one !== null))];
    return all.length === 0 ? undefined : idents(all);
  };
  const schemaOf = (grant: Grant) => grant.schema;
  const [database, schemas] = [some('database', (grant) => grant.name), some('schema', schemaOf)];
  const [relations, defaults] = [some('relation', schemaOf), some('default', schemaOf)];
  const creators = some('default', (grant) => (grant.schema === null ? null : grant.grantorName));
  return [
    ...(relations ? [`REVOKE SELECT ON ALL TABLES IN SCHEMA ${relations} ${from}`] : []),
    ...(defaults
      ? [
          `ALTER DEFAULT PRIVILEGES FOR ROLE ${creators} IN SCHEMA ${defaults} REVOKE SELECT ON TABLES ${from}`,
        ]
      : []),
    ...(schemas ? [`REVOKE USAGE ON SCHEMA ${schemas} ${from}`] : []),
    ...(database ? [`${revokeConnect(database, ident(roleName))};`] : []),
  ];
}

/**
 * Returns the notice about grants of an adopted role that are no longer desired. They are not revoked, because the catalog does not
 * distinguish them from original grants.
 */
export function keptGrantNotices(databaseName: string, roleName: string, grants: readonly Grant[]): string[] {
  const statements = statementsForKept(roleName, grants);
  if (statements.length === 0) return [];
  return [
    `Database ${ident(databaseName)}: role ${ident(roleName)} existed before this library, so its grants are not revoked. ` +
      `If the role does not need them otherwise, run: ${statements.join(' ')}`,
  ];
}
