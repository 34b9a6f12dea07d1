import type { ProveRequest } from '../../../private/wire/sql';
import type { ProveReport } from '../../../private/wire/sql-reports';
import { readSessionFacts } from '../catalog/session-facts';
import { withOwnSettings } from '../catalog/session-settings';
import { withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Target } from '../connection/target';
import { ident, qualified } from '../identifiers';
import { explainBySetting, findSettings } from './session-settings';

/** Creates a table from a query and drops it in the same transaction, which leaves only a line in the log. */
export async function prove(target: Target, request: ProveRequest): Promise<ProveReport> {
  const { login, databaseName, tempSchema, marker } = request;
  const table = qualified(tempSchema, marker);
  const action = `Creating table ${table} in database ${ident(databaseName)} as ${ident(login.user)}`;
  return retried(target, action, () =>
    withSession(target, login, databaseName, async (session) => {
      await session.run('RESET role');
      const { logStatement } = await readSessionFacts(session);
      const settings = await findSettings(session, login.user);
      try {
        await withOwnSettings(session, async () => {
          try {
            await session.run('BEGIN');
            await session.change(`CREATE TABLE ${table} AS SELECT 1 AS proof`);
            await session.change(`DROP TABLE ${table}`);
            await session.run('COMMIT');
          } catch (error) {
            await session.run('ROLLBACK').catch(() => undefined); // the connection may be lost
            throw error;
          }
        });
      } catch (error) {
        throw explainBySetting(error, settings, action) ?? error;
      }
      return { logStatement };
    }),
  );
}
