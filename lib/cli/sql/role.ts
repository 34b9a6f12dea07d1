import { ident, literal } from '../../handler/sql-runner/identifiers';
import { createRole } from '../../handler/sql-runner/plan/role';
import { limitsPart } from './limits';
import { readMark, ownRole, retainedRole } from './marker';
import { comment, gset, listed, onlyIf } from './text';
import type { SqlOptions } from './options';

/** Returns the statements that create the role, or take it over. */
export function rolePart(options: SqlOptions): string {
  const role = literal(options.roleName);
  const adopt = options.adoptExisting ? '' : ' It is an error if another role of that name exists.';
  const there = `SELECT FROM pg_roles WHERE rolname = ${role}`;
  const make = options.adoptExisting
    ? `NOT EXISTS (${there})`
    : `NOT EXISTS (\n${ownRole(options.roleName)})`;
  return [
    comment('The key of this server, by which this script recognizes a role and a schema that it created.'),
    readMark(options),
    comment(
      '',
      '1. The role, with LOGIN and nothing else: no CREATEDB, no CREATEROLE, no membership.',
      `psql asks for its password and sends only a verifier: the password reaches neither the server nor its log.${adopt}`,
      'After a typing error nothing is created, and the next run asks again. The verifier is SCRAM-SHA-256: an MD5 hash, the default',
      'up to PostgreSQL 13, would appear in the log of the server and is enough to log in.',
    ),
    gset(`SELECT ${make} AS make_role`),
    ...(options.adoptExisting ? [adoptPart(options)] : []),
    onlyIf('make_role', [
      'BEGIN;',
      `${createRole(options).text};`,
      `COMMENT ON ROLE ${ident(options.roleName)} IS :'mark';`,
      "SET LOCAL password_encryption TO 'scram-sha-256';",
      `\\password ${ident(options.roleName)}`,
      'COMMIT;',
    ]),
    comment('A role that an earlier removal kept because it owns objects is taken over again.'),
    gset(`SELECT EXISTS (\n${retainedRole(options.roleName)}) AS take_over`),
    onlyIf('take_over', [
      'BEGIN;',
      `ALTER ROLE ${ident(options.roleName)} LOGIN;`,
      `COMMENT ON ROLE ${ident(options.roleName)} IS :'mark';`,
      "SET LOCAL password_encryption TO 'scram-sha-256';",
      `\\password ${ident(options.roleName)}`,
      'COMMIT;',
    ]),
    gset(`SELECT oid AS role FROM pg_roles WHERE rolname = ${role}`),
    ...limitsPart(options),
  ].join('\n');
}

const ATTRIBUTES = ['canlogin', 'super', 'createrole', 'createdb', 'replication', 'bypassrls']
  .map((name) => {
    const keyword = name
      .replace('canlogin', 'login')
      .replace(/^super$/, 'superuser')
      .toUpperCase();
    return `CASE WHEN rol${name} THEN '${keyword}' ELSE 'NO${keyword}' END`;
  })
  .join(', ');

/** SQL for the roles in one column of the memberships that have the role in the other column. */
function memberships(column: string, of: string): string {
  const names = `SELECT pg_get_userbyid(${column})::text FROM pg_auth_members WHERE ${of} = r.oid`;
  return `coalesce(nullif(${listed(`ARRAY(${names})`)}, ''), 'none')`;
}

/** An adopted role keeps its password, unless the person who runs the script chooses another. */
function adoptPart({ roleName }: SqlOptions): string {
  const query = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(roleName)}) AND NOT EXISTS (\n${ownRole(roleName)}) AS adopts_role`;
  return [
    comment('An existing role is used as it is, and kept by --remove.'),
    gset(query),
    onlyIf('adopts_role', [
      `SELECT format('Adopted: the role %I already exists and was not created by this script. Attributes: %s; member of: %s; members: %s.', rolname,
       concat_ws(' ', ${ATTRIBUTES}, 'VALID UNTIL ' || quote_literal(rolvaliduntil)),
       ${memberships('roleid', 'member')},
       ${memberships('member', 'roleid')})
FROM pg_roles r WHERE rolname = ${literal(roleName)};`,
      `\\prompt 'Set another password (yes), or keep the current password (no)? ' new_password`,
      onlyIf('new_password', [
        'BEGIN;',
        "SET LOCAL password_encryption TO 'scram-sha-256';",
        `\\password ${ident(roleName)}`,
        'COMMIT;',
      ]),
    ]),
  ].join('\n');
}
