import { ident, literal } from '../../handler/sql-runner/identifiers';
import { createRole } from '../../handler/sql-runner/plan/role';
import { limitsPart } from './limits';
import { readMark, ownRole, retainedRole } from './marker';
import { comment, gset, legible, onlyIf } from './text';
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

/** An adopted role keeps its password, unless the person who runs the script chooses another. */
function adoptPart({ roleName }: SqlOptions): string {
  const query = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(roleName)}) AND NOT EXISTS (\n${ownRole(roleName)}) AS adopts_role`;
  return [
    comment('An existing role is used as it is, and kept by --remove.'),
    gset(query),
    onlyIf('adopts_role', [
      `\\echo Adopted: the role ${legible(roleName)} already exists and was not created by this script. Its attributes:`,
      `SELECT rolname, rolcanlogin, rolvaliduntil, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
       ARRAY(SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = r.oid) AS member_of,
       ARRAY(SELECT pg_get_userbyid(member) FROM pg_auth_members WHERE roleid = r.oid) AS members
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
