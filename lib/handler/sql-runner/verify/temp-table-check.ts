import type { Session } from '../connection/session';
import { explain } from '../errors';
import { ident, qualified } from '../identifiers';
import { retryFor } from '../sqlstates';
import { explainReadOnly, obeyReadOnly } from './read-only';

/** Creates, fills, reads and drops a table in the temp schema, as Datafold's own test does; nothing stays. */
export async function checkTempTable(session: Session, tempSchema: string): Promise<string | undefined> {
  const table = qualified(tempSchema, 'test_connection');
  const doing = `Creating table ${ident('test_connection')} in schema ${ident(tempSchema)}`;
  await obeyReadOnly(session);
  try {
    await session.run(
      `BEGIN; CREATE TABLE ${table} (id int); INSERT INTO ${table} VALUES (1); SELECT id FROM ${table}; DROP TABLE ${table}; COMMIT`,
    );
    return undefined;
  } catch (error) {
    await session.run('ROLLBACK');
    const isReadOnly = await explainReadOnly(session, error, doing);
    if (!isReadOnly && retryFor(error) === 'work') throw error; // a writer until a moment ago, or two tests at a time
    const told = isReadOnly ?? explain(error, doing);
    return told.code === '42P07' ? undefined : told.message; // left over from a test of Datafold's: it could be made
  }
}
