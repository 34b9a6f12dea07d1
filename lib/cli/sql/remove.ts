import { externalDependentsQuery } from '../../handler/sql-runner/catalog/external-dependents';
import { ownershipQuery, roleDependenciesQuery } from '../../handler/sql-runner/catalog/dependencies';
import { NO_LIMIT, grantsQuery, type Grant } from '../../handler/sql-runner/catalog/grants';
import { otherGrantsQuery, userMappingsQuery } from '../../handler/sql-runner/catalog/other-grants';
import {
  roleAttributesQuery,
  roleMembershipsQuery,
  roleSettingsQuery,
} from '../../handler/sql-runner/catalog/role-rights';
import { passedOnQuery } from '../../handler/sql-runner/catalog/passed-on';
import { schemasQuery } from '../../handler/sql-runner/catalog/schemas';
import { ident, literal } from '../../handler/sql-runner/identifiers';
import {
  dropOwned,
  dropRole,
  dropSchema,
  dropUserMapping,
  grantMembership,
  revoke,
  revokeLater,
  revokeMember,
} from '../../handler/sql-runner/plan/privileges';
import { DEFAULTS_FOR, planRevokes } from '../../handler/sql-runner/plan/revokes';
import { inPsql, ROLE, SCHEMA } from './psql-variable';
import { isOurs, readMark, ownRole } from './marker';
import { borrow, restoreMemberships, RESTORE_MEMBERSHIPS } from './membership';
import {
  formatted,
  PLACEHOLDER_1,
  PLACEHOLDER_2,
  arrayOf,
  comment,
  connectTo,
  gset,
  onlyIf,
  gexec,
  SETTINGS,
} from './text';
import type { SqlOptions } from './options';
import { psqlCommands } from '../../private/references';

/** Terminates the sessions of the role. */
const ENDED_SESSIONS = `SELECT format('Ended sessions of the role: %s', count(pg_terminate_backend(pid))) FROM pg_stat_activity WHERE usesysid = :role HAVING count(*) > 0;`;

/** Returns the script that undoes `installScript`. */
export function removalScript(options: SqlOptions): string {
  const { roleName, databases } = options;
  const role = ident(roleName);
  const inDatabases: string[] = [];
  for (const database of databases) inDatabases.push(databasePart(options, database));
  return `${[
    header(options),
    readMark(options),
    gset(`SELECT EXISTS (\n${ownRole(roleName)}) AS is_ours`),
    onlyIf(
      'is_ours',
      [
        gset(`SELECT oid AS role FROM pg_roles WHERE rolname = ${literal(roleName)}`),
        comment(
          '1. The role may no longer log in. As a member, the administrator may terminate its sessions and drop its objects.',
        ),
        borrow('ARRAY[:role]::oid[]', 'restore_role'),
        comment(
          'A session of the role that has changed its password and not committed would block ALTER ROLE.',
        ),
        'BEGIN;',
        ENDED_SESSIONS,
        `ALTER ROLE ${role} NOLOGIN;`,
        'COMMIT;',
        ENDED_SESSIONS,
        ...inDatabases,
        rolePart(options),
      ],
      [
        `\\echo Kept: the role ${roleName.replace(/[^\w-]/g, '?')} was not created by this script, or does not exist.`,
      ],
    ),
  ].join('\n')}\n`;
}

function header({ roleName, databases }: SqlOptions): string {
  return [
    comment(
      `Removes the role ${ident(roleName)} and its access to ${databases.map(ident).join(', ')}.`,
      '',
      'Run it with psql as the administrator who ran the statements that created the role:',
      ...psqlCommands('postgres', '-f THIS_FILE').map((command) => `  ${command}`),
      'A role and a schema that the script did not create are kept: their comments show that.',
    ),
    SETTINGS,
  ].join('\n');
}

function databasePart({ roleName, tempSchema }: SqlOptions, database: string): string {
  const externalDependents = inPsql(externalDependentsQuery(SCHEMA, ROLE));
  const schemas = inPsql(schemasQuery(undefined));
  const found = `FROM (\n${schemas}\n) s WHERE s.name = ${literal(tempSchema)} AND ${isOurs('s.comment')}`;
  return [
    '',
    comment(`==== Database ${ident(database)}`),
    connectTo(database),
    'BEGIN;',
    comment('2. The schema for temporary tables, unless other objects are in it or depend on it.'),
    gset(`SELECT coalesce(max(oid), 0) AS schema, count(*) = 1 AS is_there ${found}`),
    gset(`SELECT :'is_there'::boolean AND NOT EXISTS (\n${externalDependents}\n) AS may_drop`),
    onlyIf('may_drop', [`${dropSchema(tempSchema)};`]),
    revokesPart(roleName),
    clearingPart(roleName),
    RESTORE_MEMBERSHIPS,
    'COMMIT;',
  ].join('\n');
}

function clearingPart(roleName: string): string {
  const dependencies = inPsql(roleDependenciesQuery(ROLE));
  const grants = inPsql(otherGrantsQuery(ROLE));
  const mappings = inPsql(userMappingsQuery(ROLE));
  const grantRows = inPsql(grantsQuery(ROLE, { except: [], limit: NO_LIMIT }));
  const defaults = `(\n${grantRows}\n) h WHERE h.kind = 'default'`;
  const owners = `SELECT g.owner FROM (\n${grants}\n) g UNION SELECT m.owner FROM (\n${mappings}\n) m UNION SELECT h.grantor FROM ${defaults}`;
  const types = Object.entries(DEFAULTS_FOR).map(([type, name]) => `WHEN '${type}' THEN '${name}'`);
  const inSchema = `CASE WHEN h.schema IS NULL THEN '' ELSE format(' IN SCHEMA %I', h.schema) END`;
  return [
    comment(
      '4. Other privileges and default privileges. Other objects of the role are not dropped, as they may contain data, and not',
      'reassigned, as their code would run with the privileges of the new owner. The role is kept if it owns such objects.',
    ),
    gset(`SELECT coalesce(bool_or(d."isObject"), false) AS owns_objects FROM (\n${dependencies}\n) d`),
    onlyIf(
      'owns_objects',
      [
        gset(`SELECT coalesce(array_agg(o.owner), '{}')::text AS other_owners FROM (\n${owners}\n) o`),
        borrow(arrayOf('other_owners'), 'restore_owners'),
        gexec(
          `SELECT format('${revoke('ALL', '%s %s', '%I')}', g.kind, g.identity, ${literal(roleName)}) FROM (\n${grants}\n) g`,
        ),
        gexec(
          `SELECT format('${revokeLater('%I', '%s', '%s', '%I')}', h."grantorName", ${inSchema},\n       CASE h."objectType" ${types.join(' ')} END, ${literal(roleName)}) FROM ${defaults}`,
        ),
        gexec(
          `SELECT format('${dropUserMapping('%I', '%I')}', ${literal(roleName)}, m.server) FROM (\n${mappings}\n) m`,
        ),
        restoreMemberships('restore_owners'),
        `SELECT format('Kept with the role: %s', d.description) FROM (\n${dependencies}\n) d WHERE d."isObject";`,
      ],
      [`${dropOwned(roleName)};`],
    ),
  ].join('\n');
}

/** Drops the role, or revokes all its rights if it still owns objects. */
function rolePart(options: SqlOptions): string {
  const role = ident(options.roleName);
  const ownership = inPsql(ownershipQuery(ROLE));
  const attributes = inPsql(roleAttributesQuery(ROLE));
  const memberships = inPsql(roleMembershipsQuery(ROLE));
  const settings = inPsql(roleSettingsQuery(ROLE));
  const by = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN format(' GRANTED BY %I', m."grantorName") ELSE '' END`;
  const inDatabase = `CASE WHEN s.database IS NULL THEN '' ELSE format(' IN DATABASE %I', s.database) END`;
  return [
    '',
    comment(
      '5. The role. An error here names its remaining dependencies in databases that --database did not name.',
      'A role that owns objects is kept, without login, password, memberships and privileges, and marked by its comment.',
    ),
    gset(`SELECT count(*) > 0 AS keep_role FROM (\n${ownership}\n) o`),
    onlyIf(
      'keep_role',
      [
        'BEGIN;',
        `ALTER ROLE ${role} NOLOGIN PASSWORD NULL;`,
        gexec(`SELECT 'ALTER ROLE ' || ${literal(role)} || ' NO' || a.attribute FROM (\n${attributes}\n) a`),
        gexec(
          `SELECT format('${revokeMember('%I', '%I', '%s')}', m.role, m.member, ${by}) FROM (\n${memberships}\n) m`,
        ),
        gexec(
          `SELECT format('ALTER ROLE %I%s RESET ALL', ${literal(options.roleName)}, ${inDatabase}) FROM (\n${settings}\n) s`,
        ),
        `COMMENT ON ROLE ${role} IS :'retained_mark';`,
        restoreMemberships('restore_role'),
        'COMMIT;',
        comment(
          `To drop the role, in each of these databases run: ${grantMembership(role, '')}; ${dropOwned(options.roleName)};`,
          'or, for objects to keep, check their code and run ALTER … OWNER TO …; then run this script again.',
        ),
        `SELECT format('Kept: the role %I, because it owns %s.', ${literal(options.roleName)}, coalesce(o.object, format('objects in database %I', o.database))) FROM (\n${ownership}\n) o;`,
        gset(
          `SELECT count(*) > 0 AS drop_role FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = :role AND deptype IN ('a', 'i')`,
        ),
      ],
      [gset('SELECT true AS drop_role')],
    ),
    onlyIf('drop_role', [`${dropRole(options.roleName)};`]),
  ].join('\n');
}

const KINDS = ['database', 'schema', 'relation', 'sequence'] as const;

/** Revokes each grant as its grantor: from another role PostgreSQL only warns and revokes nothing. */
function revokesPart(roleName: string): string {
  const grantRows = inPsql(grantsQuery(ROLE, { except: [], limit: NO_LIMIT }));
  const cases = KINDS.map((kind) => {
    const grant = { kind, schema: PLACEHOLDER_1, name: PLACEHOLDER_2, grantor: 1, owner: 1 } as Grant;
    const revoke = planRevokes(roleName, [grant], () => '');
    return `WHEN '${kind}' THEN ${formatted(revoke, { [PLACEHOLDER_1]: 'h.schema', [PLACEHOLDER_2]: 'h.name' })}`;
  });
  const asGrantor = `CASE WHEN h.grantor <> h.owner THEN format('SET LOCAL ROLE %I; ', g.rolname) ELSE '' END`;
  const back = `CASE WHEN h.grantor <> h.owner THEN '; RESET ROLE' ELSE '' END`;
  const statement = `${asGrantor} ||\n       CASE h.kind ${cases.join('\n       ')} END ||\n       ${back}`;
  return [
    comment(
      '3. The grants of the role, their grantors, and the statements that revoke them, each as its grantor.',
    ),
    gset(
      `SELECT coalesce(array_agg(h.grantor), '{}')::text AS grantors,\n       coalesce(array_agg(${statement}), '{}')::text AS revokes\nFROM (\n${grantRows}\n) h JOIN pg_roles g ON g.oid = h.grantor WHERE h.kind <> 'default'`,
    ),
    borrow(arrayOf('grantors')),
    comment('Grants that the role made to other roles are revoked too: grant them again if they are needed.'),
    `SELECT format('Notice: also revoked is what the role had granted to others. To grant it again: GRANT %s ON %s %s TO %s;', p.privileges, p.kind, p.identity, p.grantee)
FROM (\n${inPsql(passedOnQuery(ROLE))}\n) p;`,
    gexec(`SELECT unnest(:'revokes'::text[])`),
  ].join('\n');
}
