import type { PasswordRequest, SqlReport } from '../../../private/wire/sql';
import type { DatabaseAccess } from '../database-access/properties';
import type { Run } from '../aws/run';
import { askPatiently } from '../sql-client/patiently';
import { readAdmin } from '../sql-client/request';
import { findServer } from '../sql-client/server-address';

/** Sets or tries a password. */
export async function askSqlRunner(
  run: Run,
  { server, adminSecret, access, sqlRunner }: DatabaseAccess,
  operation: PasswordRequest['operation'],
  password: string,
  currentPassword?: string,
): Promise<SqlReport> {
  return askPatiently(run, sqlRunner, async () => ({
    operation,
    server: await findServer(run, server),
    admin: await readAdmin(run, adminSecret), // anew: RDS changes it when it likes
    roleName: access.roleName,
    password,
    ...(currentPassword !== undefined && { currentPassword }),
    databaseName: access.databases[0].databaseName,
    maintenanceDatabase: access.maintenanceDatabase,
  }));
}
