import type { LogExclusions } from '../../../private/wire/sql';
import { parseServer, type ServerTarget } from '../database-access/properties';
import { parseProperties } from '../runtime/properties';

/** `LogExclusionsProperties` with their real types. */
export interface LogExclusionsRequest {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
  readonly adminSecret: string;
  readonly maintenanceDatabase: string;
  readonly exclusions: LogExclusions;
}

export function parseLogExclusions(properties: unknown): LogExclusionsRequest {
  return parseProperties(properties, (fields) => ({
    sqlRunner: fields.text('sqlRunner'),
    server: parseServer(fields.object('server')),
    adminSecret: fields.text('adminSecretArn'),
    maintenanceDatabase: fields.optionalText('maintenanceDatabase') ?? 'postgres',
    exclusions: { roles: fields.texts('roles') ?? [], databases: fields.texts('databases') ?? [] },
  }));
}
