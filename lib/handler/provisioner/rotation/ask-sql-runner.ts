import type { PasswordRequest, SqlReport } from '../../../private/wire/sql';
import type { DatabaseAccess } from '../parse/database-access';
import type { Run } from '../run';
import { invokeSqlRunner, SqlRunFailure } from '../sql/invoke';
import { readAdmin } from '../sql/request';
import { findServer } from '../sql/server-address';

/** How long a server may be asleep, starting or out of connections. */
const PATIENCE = 4 * 60_000;
const LONGEST_PAUSE = 20_000;

/** Sets or tries a password, and waits for a server that is not there for a moment. */
export async function askSqlRunner(
  run: Run,
  { server, adminSecret, access, sqlRunner }: DatabaseAccess,
  operation: PasswordRequest['operation'],
  password: string,
): Promise<SqlReport> {
  const end = run.clock.now() + PATIENCE;
  for (let pause = 2_000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const request: PasswordRequest = {
      operation,
      server: await findServer(run, server),
      admin: await readAdmin(run, adminSecret), // anew: RDS changes it when it likes
      roleName: access.roleName,
      password,
      databaseName: access.databases[0].databaseName,
      maintenanceDatabase: access.maintenanceDatabase,
    };
    try {
      return await invokeSqlRunner(run, sqlRunner, request);
    } catch (error) {
      const passes = error instanceof SqlRunFailure && error.retryable;
      if (!passes || run.clock.now() + pause > end) throw error;
      await run.pause(pause);
    }
  }
}
