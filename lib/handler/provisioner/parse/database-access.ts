import type { DatabaseAccessProperties } from '../../../private/wire/resources';
import type { AccessSpec, DatabaseSpec, ServerAddress } from '../../../private/wire/sql';
import type { ServerName } from '../aws/rds-ports';
import type { Fields } from './fields';
import { parseProperties } from './properties';

/** Where a server is, or whom to ask RDS for. */
export interface ServerTarget extends Omit<ServerAddress, 'host'> {
  readonly at: { readonly host: string } | { readonly lookup: ServerName };
}

/** `DatabaseAccessProperties` with their real types and defaults. */
export interface DatabaseAccess {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
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

function parseServer(fields: Fields): ServerTarget {
  const caCertificate = fields.optionalText('caCertificate');
  return {
    at: parsePlace(fields),
    port: fields.number('port', 5432, 1, 65535),
    tls: fields.oneOf('tls', ['verify-full', 'disable'], 'verify-full'),
    ...(caCertificate !== undefined && { caCertificate }),
  };
}

function parsePlace(fields: Fields): ServerTarget['at'] {
  const host = fields.optionalText('host');
  if (host !== undefined) return { host };
  if (!fields.has('lookup')) return { host: fields.text('host') };
  const lookup = fields.object('lookup');
  return {
    lookup: {
      kind: lookup.oneOf('kind', ['cluster', 'instance'], 'cluster'),
      identifier: lookup.text('identifier'),
    },
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
