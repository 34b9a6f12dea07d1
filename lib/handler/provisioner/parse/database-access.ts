import type { DatabaseAccessProperties } from '../../../private/wire/resources';
import type { AccessSpec, DatabaseSpec, ServerAddress } from '../../../private/wire/sql';
import type { Fields } from './fields';
import { parseProperties } from './properties';

/** `DatabaseAccessProperties` with their real types and defaults. */
export interface DatabaseAccess {
  readonly sqlRunner: string;
  readonly server: ServerAddress;
  readonly adminSecret: string;
  readonly passwordSecret: string;
  readonly access: AccessSpec;
  readonly removalPolicy: 'destroy' | 'retain';
}

type Name = keyof DatabaseAccessProperties;
const name = (of: Name): string => of;

export function parseDatabaseAccess(properties: unknown): DatabaseAccess {
  return parseProperties(properties, (fields) => ({
    sqlRunner: fields.text(name('sqlRunner')),
    server: parseServer(fields.object(name('server'))),
    adminSecret: fields.text(name('adminSecretArn')),
    passwordSecret: fields.text(name('passwordSecretArn')),
    access: {
      roleName: fields.text(name('roleName')),
      tempSchema: fields.optionalText(name('tempSchema')) ?? 'datafold_tmp',
      databases: parseDatabases(fields),
      maintenanceDatabase: fields.optionalText(name('maintenanceDatabase')) ?? 'postgres',
      futureTables: fields.flag(name('futureTables'), true),
      adoptExisting: fields.flag(name('adoptExisting'), false),
      onUnreadable: fields.oneOf(name('onUnreadable'), ['fail', 'warn'], 'fail'),
    },
    removalPolicy: fields.oneOf(name('removalPolicy'), ['destroy', 'retain'], 'destroy'),
  }));
}

function parseServer(fields: Fields): ServerAddress {
  const caCertificate = fields.optionalText('caCertificate');
  return {
    host: fields.text('host'),
    port: fields.number('port', 5432, 1, 65535),
    tls: fields.oneOf('tls', ['verify-full', 'disable'], 'verify-full'),
    ...(caCertificate !== undefined && { caCertificate }),
  };
}

function parseDatabases(fields: Fields): DatabaseSpec[] {
  return fields.objects(name('databases')).map((database) => {
    const schemas = database.texts('schemas');
    const excludeSchemas = database.texts('excludeSchemas');
    return {
      databaseName: database.text('databaseName'),
      ...(schemas && { schemas }),
      ...(excludeSchemas && { excludeSchemas }),
    };
  });
}
