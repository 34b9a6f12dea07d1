import type { SettingReport } from '../../../private/wire/sql';
import { withOwnSettings } from '../catalog/session-settings';
import type { Session } from '../connection/session';
import { explain } from '../errors';
import { ident, qualified } from '../identifiers';
import { retryFor } from '../sqlstates';
import { explainBySetting } from './session-settings';

/** The name that Datafold's own test uses. */
const TABLE = 'test_connection';

/**
 * Creates, fills, reads and drops a table in the temp schema, as Datafold's own test does and with the settings that a session
 * of Datafold's has; nothing stays.
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
        await session.run('ROLLBACK').catch(() => undefined); // the connection may be gone
        throw error;
      }
    });
    return undefined;
  } catch (error) {
    const bySetting = explainBySetting(error, settings, action);
    if (!bySetting && retryFor(error) === 'work') throw error; // a writer until a moment ago, or two tests at a time
    const explained = bySetting ?? explain(error, action);
    if (explained.code !== '42P07') return explained.message;
    const owner = await readOtherOwner(session, tempSchema);
    if (owner === undefined) return undefined; // left over from a test of Datafold's: it could be made
    return `${action} failed: ${ident(owner)} owns a table of that name (42P07), so Datafold can't make its own. Run: DROP TABLE ${table};`;
  }
}

/** Who owns the table that the test would make, if not the current user. */
async function readOtherOwner(session: Session, tempSchema: string): Promise<string | undefined> {
  const [found] = await session.rows<{ owner: string }>(
    `SELECT pg_get_userbyid(c.relowner) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND pg_get_userbyid(c.relowner) <> current_user`,
    [tempSchema, TABLE],
  );
  return found?.owner;
}
