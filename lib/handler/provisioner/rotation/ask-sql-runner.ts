import type { PasswordRequest, SqlReport } from '../../../private/wire/sql';
import type { DatabaseAccess } from '../parse/database-access';
import type { Run } from '../run';
import { askPatiently } from '../sql/patiently';
import { readAdmin } from '../sql/request';
import { findServer } from '../sql/server-address';

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
