import { possibleCreatorsQuery } from '../../handler/sql-runner/catalog/creators';
import type { SchemaFacts } from '../../handler/sql-runner/catalog/schemas';
import { literal } from '../../handler/sql-runner/identifiers';
import { planDefaultPrivileges } from '../../handler/sql-runner/plan/default-privileges';
import { inPsql, MAKERS, ROLE, SCHEMAS } from './psql-variable';
import { formatted, PLACEHOLDER_1, PLACEHOLDER_2, arrayOf, comment, gexec, listed } from './text';
import type { SqlOptions } from './options';

/** Default privileges for tables that are created later, and a list of roles that have none. */
export function futurePart({ roleName, owners }: SqlOptions): string {
  const schema = { oid: 1, name: PLACEHOLDER_2 } as SchemaFacts;
  const plan = planDefaultPrivileges(roleName, [schema], [{ schema: 1, creator: 1 }], () => PLACEHOLDER_1);
  const statement = formatted(plan, { [PLACEHOLDER_1]: 'r.rolname', [PLACEHOLDER_2]: 'n.nspname' });
  const creators = `unnest(${arrayOf('creator_schemas')}, ${arrayOf('creators')}) AS c (schema, creator)`;
  return [
    comment(
      '8. Future tables. Default privileges apply to the role that creates a table: each such role needs its own.',
    ),
    gexec(
      `SELECT ${statement}\nFROM ${creators} JOIN pg_roles r ON r.oid = c.creator JOIN pg_namespace n ON n.oid = c.schema`,
    ),
    ...(owners.length === 0 ? [possibleCreatorsPart()] : []),
  ].join('\n');
}

function possibleCreatorsPart(): string {
  const possible = inPsql(possibleCreatorsQuery(ROLE, SCHEMAS, MAKERS));
  return [
    comment(
      'Other roles that may create tables. Their new tables stay unreadable until this script is run again. A default privilege',
      'would prevent a plain DROP ROLE of these roles.',
    ),
    `SELECT format('Notice: tables that %s%s will create in %s%s stay unreadable until this script is run again, because %s.',
       ${listed('p.roles')}, ${more('p."roleCount"', 'p.roles')}, ${listed('p.schemas')}, ${more('p."schemaCount"', 'p.schemas')},
       CASE WHEN p.through IS NULL THEN 'PUBLIC may create tables there' ELSE format('the right comes from a membership in %I', p.through) END)
FROM (\n${possible}\n) p;`,
  ].join('\n');
}

/** SQL for the rest of a list of which only the first names are known. */
const more = (count: string, names: string) =>
  `CASE WHEN ${count} > cardinality(${names}) THEN format(' and %s more', ${count} - cardinality(${names})) END`;

/** Revokes privileges that default privileges of the administrator granted other roles on the new schema. */
export function withoutInherited(tempSchema: string): string[] {
  const grantee = `CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END`;
  const revoke = `format('REVOKE ALL ON SCHEMA %I FROM %s', n.nspname, string_agg(DISTINCT ${grantee}, ', '))`;
  const from = `FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = ${literal(tempSchema)}`;
  return [gexec(`SELECT ${revoke}\n${from} AND a.grantee NOT IN (n.nspowner, :role) GROUP BY n.nspname`)];
}
