import type { DatabaseState } from '../catalog/database';
import { ident } from '../identifiers';
import { grantConnect } from './privileges';

/** Returns true if the administrator can connect to the database. */
export function isOpen(database: DatabaseState | undefined): boolean {
  return database !== undefined && database.takesConnections && database.adminMayConnect;
}

/** Returns the statement that lets the administrator connect. */
export function openingStatement({ name, takesConnections }: DatabaseState, adminName: string): string {
  return takesConnections
    ? `${grantConnect(name, adminName)};`
    : `ALTER DATABASE ${ident(name)} ALLOW_CONNECTIONS true;`;
}

/** Returns the notice about a database in which a removal revoked nothing. */
export function skippedNotice({ name }: DatabaseState): string {
  return `The administrator cannot connect to database ${ident(name)}: nothing was revoked in it.`;
}
