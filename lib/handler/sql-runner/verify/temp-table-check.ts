import type { SettingReport } from '../../../private/wire/sql-reports';
import { withOwnSettings } from '../catalog/session-settings';
import type { Session } from '../connection/session';
import { explain } from '../errors';
import { ident, qualified } from '../identifiers';
import { retryFor } from '../sqlstates';
import { explainBySetting } from './session-settings';

/** The table name that Datafold's connection test uses. */
const TABLE = 'test_connection';

/**
 * Creates, fills, reads and drops a table in the temp schema, like Datafold's connection test and with the settings of its
 * sessions. Returns why that fails, if it does.
 */
export async function checkTempTable(
  session: Session,
  tempSchema: string,
  settings: readonly SettingReport[],
  attempts = 5,
): Promise<string | undefined> {
  const table = qualified(tempSchema, TABLE);
  const action = `Creating table ${ident(TABLE)} in schema ${ident(tempSchema)}`;
  try {
    await withOwnSettings(session, async () => {
      try {
        await session.run(
          `BEGIN; CREATE TABLE ${table} (id int); INSERT INTO ${table} VALUES (1); SELECT id FROM ${table}; DROP TABLE ${table}; COMMIT`,
        );
      } catch (error) {
        await session.run('ROLLBACK').catch(() => undefined); // the connection may be lost
        throw error;
      }
    });
    return undefined;
  } catch (error) {
    const bySetting = explainBySetting(error, settings, action);
    if (!bySetting && retryFor(error) === 'work') throw error; // after a failover, or with two tests at the same time
    const explained = bySetting ?? explain(error, action);
    if (explained.code !== NAME_OF_RELATION && explained.code !== NAME_OF_TYPE) return explained.message;
    const found = await readNamesake(session, tempSchema);
    if (!found && attempts > 1) return checkTempTable(session, tempSchema, settings, attempts - 1); // dropped meanwhile
    if (!found) return explained.message;
    if (found.kind === 'TABLE' && found.isOwn) return undefined; // left by a test of Datafold, which could create the table
    const object = `${ident(found.owner)} owns ${found.kind === 'INDEX' ? 'an' : 'a'} ${found.kind.toLowerCase()} of that name`;
    return `${action} failed: ${object} (${explained.code}), so Datafold cannot create its own. Run: DROP ${found.kind} ${table};`;
  }
}

/** The error codes of CREATE TABLE if a relation (duplicate_table) or a type (duplicate_object) of that name exists. */
const [NAME_OF_RELATION, NAME_OF_TYPE] = ['42P07', '42710'];

/** An object with the name of the test table. */
interface Namesake {
  /** As in DROP. */
  readonly kind: string;
  readonly owner: string;
  readonly isOwn: boolean;
}

/** Reads the relation or type that has the name of the test table. */
async function readNamesake(session: Session, tempSchema: string): Promise<Namesake | undefined> {
  const [found] = await session.rows<Namesake>(
    `SELECT o.kind, pg_get_userbyid(o.owner) AS owner, pg_get_userbyid(o.owner) = current_user AS "isOwn" FROM (
       SELECT relnamespace AS schema, relname AS name, relowner AS owner, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
         WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' ELSE 'TABLE' END AS kind
       FROM pg_class
       UNION ALL SELECT typnamespace, typname, typowner, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END FROM pg_type WHERE typrelid = 0
     ) o JOIN pg_namespace n ON n.oid = o.schema WHERE n.nspname = $1 AND o.name = $2`,
    [tempSchema, TABLE],
  );
  return found;
}
