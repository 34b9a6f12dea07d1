import type { HeldGrant } from '../catalog/held';
import { ident } from '../identifiers';

const NAMED = 5;

/** What somebody may run to take back what runs give, as far as the role holds such. Empty: it holds nothing of the kind. */
export function statementsForKept(roleName: string, held: readonly HeldGrant[]): string[] {
  const from = `FROM ${ident(roleName)};`;
  const some = (kind: HeldGrant['kind'], name: (grant: HeldGrant) => string | null) => {
    const names = held.filter((grant) => grant.kind === kind && (grant.objectType ?? 'r') === 'r').map(name);
    const all = [...new Set(names.filter((one) => one !== null))];
    return all.length === 0
      ? undefined
      : all.slice(0, NAMED).map(ident).join(', ') + (all.length > NAMED ? ', …' : '');
  };
  const schemaOf = (grant: HeldGrant) => grant.schema;
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
    ...(database ? [`REVOKE CONNECT ON DATABASE ${database} ${from}`] : []),
  ];
}
