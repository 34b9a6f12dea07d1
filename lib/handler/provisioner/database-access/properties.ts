import type { DatabaseAccessProperties } from '../../../private/wire/resources';
import { ACCESS_SETTINGS, fromWire } from '../../../private/wire/settings';
import type { AccessSpec, DatabaseSpec } from '../../../private/wire/sql';
import { type Fields, parseProperties } from '../runtime/fields';
import { parseServer, placeOf, type ServerTarget } from '../sql-client/server-target';
import { parseLogPlace, type StatementLogPlace } from '../statement-logging/lineage';

/** `DatabaseAccessProperties` with their real types and defaults. */
export interface DatabaseAccess {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
  /** Absent if a DBA runs the SQL. */
  readonly adminSecret?: string;
  /** False: a DBA runs the SQL. */
  readonly manageRole: boolean;
  readonly passwordSecret: string;
  readonly access: AccessSpec;
  readonly removalPolicy: 'destroy' | 'retain';
  readonly onFailedStep: 'fail' | 'warn';
  readonly onNoLineage: 'fail' | 'warn';
  readonly statementLog?: StatementLogPlace;
}

type Name = keyof DatabaseAccessProperties;
const name = (of: Name): string => of;

export function parseDatabaseAccess(properties: unknown): DatabaseAccess {
  return parseProperties(properties, readDatabaseAccess);
}

function readDatabaseAccess(fields: Fields): DatabaseAccess {
  const manageRole = fields.flag(name('manageRole'), true);
  const required = {
    sqlRunner: fields.text(name('sqlRunner')),
    server: parseServer(fields.object(name('server'))),
    manageRole,
    ...(manageRole && { adminSecret: fields.text(name('adminSecretArn')) }),
    passwordSecret: fields.text(name('passwordSecretArn')),
  };
  const { removalPolicy, onFailedStep, onIncompleteRead, onNoLineage, ...settings } = fromWire(
    ACCESS_SETTINGS,
    fields,
  );
  return {
    ...required,
    access: {
      ...settings,
      databases: parseDatabases(fields),
      ...(fields.flag(name('passwordIsGiven'), false) && { passwordIsGiven: true as const }),
      ...(onIncompleteRead === 'fail' && { onIncompleteRead }),
      ...(onFailedStep === 'warn' && { onFailedStep }),
    },
    removalPolicy,
    onFailedStep,
    onNoLineage,
    ...(fields.has(name('statementLog')) && {
      statementLog: parseLogPlace(fields.object(name('statementLog'))),
    }),
  };
}

function parseDatabases(fields: Fields): DatabaseSpec[] {
  return fields.objects(name('databases')).map((database) => {
    const schemas = database.texts('schemas');
    const excludeSchemas = database.texts('excludeSchemas');
    const excludeTables = database.texts('excludeTables');
    return {
      databaseName: database.text('databaseName'),
      ...(schemas && { schemas }),
      ...(excludeSchemas && { excludeSchemas }),
      ...(excludeTables && { excludeTables }),
    };
  });
}

/** Returns the physical id of a role on a server. A server that is looked up keeps its id when its host name changes. */
export function accessId({ at, port }: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `datafold-access/${placeOf({ at, port })}/${roleName}`;
}
