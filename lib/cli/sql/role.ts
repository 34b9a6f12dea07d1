import { ident, literal } from '../../handler/sql-runner/identifiers';
import { createRole } from '../../handler/sql-runner/plan/role';
import { limitsPart } from './limits';
import { learnMark, ownRole, retainedRole } from './marker';
import { comment, learn, legible, onlyIf } from './text';
import type { SqlOptions } from './options';

/** Creates the role, or takes it over. */
export function rolePart(options: SqlOptions): string {
  const role = literal(options.roleName);
  const adopt = options.adoptExisting ? '' : ' A role of that name that somebody else made is an error.';
  const there = `SELECT FROM pg_roles WHERE rolname = ${role}`;
  const make = options.adoptExisting
    ? `NOT EXISTS (${there})`
    : `NOT EXISTS (\n${ownRole(options.roleName)})`;
  return [
    comment(
      'The key of this server: by it, and by who made them, this script knows a role and a schema again.',
    ),
    learnMark(options),
    comment(
      '',
      '1. The role. It gets LOGIN and nothing else: no CREATEDB, no CREATEROLE, no membership.',
      `psql asks for its password and sends a verifier of it: the password itself gets neither to the server nor into its log.${adopt}`,
      'If it is mistyped, nothing is made, and the next run asks again. The verifier is one of SCRAM: of md5, the default up to',
      'PostgreSQL 13, it would be a hash that one can log in with, and the log of the server would have it.',
    ),
    learn(`SELECT ${make} AS make_role`),
    ...(options.adoptExisting ? [adoptPart(options)] : []),
    onlyIf('make_role', [
      'BEGIN;',
      `${createRole(options).text};`,
      `COMMENT ON ROLE ${ident(options.roleName)} IS :'mark';`,
      "SET LOCAL password_encryption TO 'scram-sha-256';",
      `\\password ${ident(options.roleName)}`,
      'COMMIT;',
    ]),
    comment('One that the removal had to keep, because of what it owns, is taken over again.'),
    learn(`SELECT EXISTS (\n${retainedRole(options.roleName)}) AS take_over`),
    onlyIf('take_over', [
      'BEGIN;',
      `ALTER ROLE ${ident(options.roleName)} LOGIN;`,
      `COMMENT ON ROLE ${ident(options.roleName)} IS :'mark';`,
      "SET LOCAL password_encryption TO 'scram-sha-256';",
      `\\password ${ident(options.roleName)}`,
      'COMMIT;',
    ]),
    learn(`SELECT oid AS role FROM pg_roles WHERE rolname = ${role}`),
    ...limitsPart(options),
  ].join('\n');
}

/** An adopted role keeps its password, unless the person who runs the script chooses another. */
function adoptPart({ roleName }: SqlOptions): string {
  const query = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(roleName)}) AND NOT EXISTS (\n${ownRole(roleName)}) AS adopts_role`;
  return [
    comment('A role that was there before is used as it is, and kept by --remove.'),
    learn(query),
    onlyIf('adopts_role', [
      `\\echo Adopted: the role ${legible(roleName)} was there before and was not made by this script. What it is:`,
      `SELECT rolname, rolcanlogin, rolvaliduntil, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
       ARRAY(SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = r.oid) AS member_of,
       ARRAY(SELECT pg_get_userbyid(member) FROM pg_auth_members WHERE roleid = r.oid) AS members
FROM pg_roles r WHERE rolname = ${literal(roleName)};`,
      `\\prompt 'Give it another password (yes), or keep the one that it has (no)? ' new_password`,
      onlyIf('new_password', [
        'BEGIN;',
        "SET LOCAL password_encryption TO 'scram-sha-256';",
        `\\password ${ident(roleName)}`,
        'COMMIT;',
      ]),
    ]),
  ].join('\n');
}
