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
    if (explained.code !== '42P07') return explained.message;
    const owner = await readOtherOwner(session, tempSchema);
    if (owner === undefined) return undefined; // left by a test of Datafold, which could create the table
    return `${action} failed: ${ident(owner)} owns a table of that name (42P07), so Datafold cannot create its own. Run: DROP TABLE ${table};`;
  }
}

/** Reads the owner of an existing test table, if another role owns it. */
async function readOtherOwner(session: Session, tempSchema: string): Promise<string | undefined> {
  const [found] = await session.rows<{ owner: string }>(
    `SELECT pg_get_userbyid(c.relowner) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND pg_get_userbyid(c.relowner) <> current_user`,
    [tempSchema, TABLE],
  );
  return found?.owner;
}
