import { EXCLUSION_SETTINGS, fromWire } from '../../../private/wire/settings';
import type { LogExclusions } from '../../../private/wire/sql';
import { parseProperties } from '../runtime/fields';
import { parseServer, placeOf, type ServerTarget } from '../sql-client/server-target';

/** The start of the physical ids. */
export const LOG_EXCLUSIONS = 'datafold-log-exclusions/';

/** `LogExclusionsProperties` with their real types. */
export interface LogExclusionsRequest {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
  readonly adminSecret: string;
  readonly maintenanceDatabase: string;
  readonly exclusions: LogExclusions;
}

export function parseLogExclusions(properties: unknown): LogExclusionsRequest {
  return parseProperties(properties, (fields) => {
    const { maintenanceDatabase, excludedRoles, excludedDatabases } = fromWire(EXCLUSION_SETTINGS, fields);
    return {
      sqlRunner: fields.text('sqlRunner'),
      server: parseServer(fields.object('server')),
      adminSecret: fields.text('adminSecretArn'),
      maintenanceDatabase,
      exclusions: { roles: excludedRoles, databases: excludedDatabases },
    };
  });
}

/** Returns the physical id of the exclusions of a server. */
export function logExclusionsId(server: Pick<ServerTarget, 'at' | 'port'>): string {
  return `${LOG_EXCLUSIONS}${placeOf(server)}`;
}
