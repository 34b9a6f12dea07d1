import type { DatabaseState } from '../catalog/databases';
import { ident } from '../identifiers';

/** True if the admin can connect to it. */
export function isOpen(database: DatabaseState | undefined): boolean {
  return database !== undefined && database.takesConnections && database.adminMayConnect;
}

/** What somebody has to run so that the admin can connect. */
export function openingStatement({ name, takesConnections }: DatabaseState, adminName: string): string {
  return takesConnections
    ? `GRANT CONNECT ON DATABASE ${ident(name)} TO ${ident(adminName)};`
    : `ALTER DATABASE ${ident(name)} ALLOW_CONNECTIONS true;`;
}

/** What a person is told who thinks that nothing is left there. */
export function skippedNotice({ name }: DatabaseState): string {
  return `The admin can't connect to database ${ident(name)}: nothing was taken back there.`;
}
