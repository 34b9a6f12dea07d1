import { readBystanders } from '../../handler/sql-runner/catalog/bystanders';
import { readRoleDependencies } from '../../handler/sql-runner/catalog/dependencies';
import { readHeld, type HeldGrant } from '../../handler/sql-runner/catalog/held';
import { readSchemas } from '../../handler/sql-runner/catalog/schemas';
import { ident, literal } from '../../handler/sql-runner/identifiers';
import { readPassedOn } from '../../handler/sql-runner/catalog/passed-on';
import { planRevokes } from '../../handler/sql-runner/plan/revokes';
import { NO_LIMIT, queryOf, ROLE, SCHEMA } from './capture';
import { isOurs, learnMark, ownRole } from './marker';
import { borrow, GIVE_BACK } from './membership';
import { formatted, HOLE_1, HOLE_2 } from './template';
import { arrayOf, comment, connectTo, learn, onlyIf, runRows, SETTINGS } from './text';
import type { SqlWish } from './wish';

/** The statements that take back what those of `installScript` did, and nothing else. */
export async function removalScript(wish: SqlWish): Promise<string> {
  const { roleName, databases } = wish;
  const role = ident(roleName);
  const inDatabases: string[] = [];
  for (const database of databases) inDatabases.push(await databasePart(wish, database));
  return `${[
    header(wish),
    learnMark(wish),
    learn(`SELECT EXISTS (\n${ownRole(roleName)}) AS is_ours`),
    onlyIf(
      'is_ours',
      [
        learn(`SELECT oid AS role FROM pg_roles WHERE rolname = ${literal(roleName)}`),
        comment(
          '1. Nobody logs in as the role any more. Members may end its sessions and hand over what it owns.',
        ),
        `ALTER ROLE ${role} NOLOGIN;`,
        borrow('ARRAY[:role]::oid[]'),
        `SELECT count(pg_terminate_backend(pid)) AS ended_sessions FROM pg_stat_activity WHERE usesysid = :role;`,
        ...inDatabases,
        comment(
          '',
          '5. The role. An error here names what it still has in databases that --database did not name.',
        ),
        `DROP ROLE ${role};`,
      ],
      [
        `\\echo Kept: the role ${roleName.replace(/[^\w-]/g, '?')} was not made by this script, or is gone already.`,
      ],
    ),
  ].join('\n')}\n`;
}

function header({ roleName, databases }: SqlWish): string {
  return [
    comment(
      `Removes the role ${ident(roleName)} and all it has in ${databases.map(ident).join(', ')}.`,
      '',
      'Run it with psql as the administrator who ran the statements that made the role:',
      '  psql -h HOST -U ADMIN -d postgres -f THIS_FILE',
      'A role and a schema that were there before are kept: the comments on both tell.',
    ),
    SETTINGS,
  ].join('\n');
}

async function databasePart({ roleName, tempSchema }: SqlWish, database: string): Promise<string> {
  const role = ident(roleName);
  const bystanders = await queryOf((session) => readBystanders(session, SCHEMA, ROLE));
  const owned = await queryOf((session) => readRoleDependencies(session, ROLE));
  const schemas = await queryOf((session) => readSchemas(session, undefined));
  const found = `FROM (\n${schemas}\n) s WHERE s.name = ${literal(tempSchema)} AND ${isOurs('s.comment')}`;
  return [
    '',
    comment(`==== Database ${ident(database)}`),
    connectTo(database),
    'BEGIN;',
    comment('2. The schema for temporary tables, unless others keep something there or build on it.'),
    learn(`SELECT coalesce(max(oid), 0) AS schema, count(*) = 1 AS is_there ${found}`),
    learn(`SELECT :'is_there'::boolean AND NOT EXISTS (\n${bystanders}\n) AS may_drop`),
    onlyIf('may_drop', [`DROP SCHEMA ${ident(tempSchema)} CASCADE;`]),
    await revokesPart(roleName),
    comment(
      '4. What the role owns elsewhere (shown first) is handed over to you, never dropped; then privileges of other kinds go, and default ones.',
    ),
    `SELECT d.description AS handed_over_to_you FROM (\n${owned}\n) d WHERE d.owned AND NOT d."isSetting";`,
    `REASSIGN OWNED BY ${role} TO CURRENT_USER;`,
    `DROP OWNED BY ${role};`,
    GIVE_BACK,
    'COMMIT;',
  ].join('\n');
}

const KINDS = ['database', 'schema', 'relation', 'sequence'] as const;

/** Each grant is taken back as the role that gave it: from others PostgreSQL takes nothing, with a mere warning. */
async function revokesPart(roleName: string): Promise<string> {
  const held = await queryOf((session) => readHeld(session, ROLE, { except: [], limit: NO_LIMIT }));
  const cases = KINDS.map((kind) => {
    const grant = { kind, schema: HOLE_1, name: HOLE_2, grantor: 1, owner: 1 } as HeldGrant;
    const revoke = planRevokes(roleName, [grant], () => '');
    return `WHEN '${kind}' THEN ${formatted(revoke, { [HOLE_1]: 'h.schema', [HOLE_2]: 'h.name' })}`;
  });
  const asGrantor = `CASE WHEN h.grantor <> h.owner THEN format('SET LOCAL ROLE %I; ', g.rolname) ELSE '' END`;
  const back = `CASE WHEN h.grantor <> h.owner THEN '; RESET ROLE' ELSE '' END`;
  const statement = `${asGrantor} ||\n       CASE h.kind ${cases.join('\n       ')} END ||\n       ${back}`;
  return [
    comment(
      '3. What the role was granted, by whom, and the statements that take it back, each as the role that gave it.',
    ),
    learn(
      `SELECT coalesce(array_agg(h.grantor), '{}')::text AS grantors,\n       coalesce(array_agg(${statement}), '{}')::text AS revokes\nFROM (\n${held}\n) h JOIN pg_roles g ON g.oid = h.grantor WHERE h.kind <> 'default'`,
    ),
    borrow(arrayOf('grantors')),
    comment(
      'What the role passed on to others goes with it (shown here): grant it to them again, if they are to keep it.',
    ),
    `${await queryOf((session) => readPassedOn(session, ROLE))};`,
    runRows(`SELECT unnest(:'revokes'::text[])`),
  ].join('\n');
}
