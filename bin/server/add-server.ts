import { aws_kms as kms, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  DatafoldPostgres,
  type DatafoldPostgresProps,
  type ICloudWatchLogsUser,
  type FailurePolicy,
  LogRetention,
  type RebootPolicy,
  type SharedParameterGroup,
  type SslMode,
  StatementLog,
} from '../../lib';
import type { DatabaseSettings, ServerSettings } from '../settings/settings';
import { importSecret } from './import-secret';
import { importServer } from './import-server';
import { networkAccess } from './network-access';

/** Adds the constructs of one server; creates a logs user unless one is given. */
export function addServer(
  scope: Construct,
  settings: ServerSettings,
  logsUser?: ICloudWatchLogsUser,
): DatafoldPostgres {
  return new DatafoldPostgres(scope, 'Datafold', { ...props(scope, settings), logsUser });
}

/** Converts the settings to props; missing settings get the defaults of the construct. */
function props(scope: Construct, settings: ServerSettings): DatafoldPostgresProps {
  const { encryptionKey, passwordSecret, statementTimeoutSeconds } = settings;
  return {
    server: importServer(scope, settings),
    databases: settings.databases.map((database) => grants(database, settings)),
    roleName: settings.roleName,
    tempSchema: settings.tempSchema,
    limits: {
      connectionLimit: settings.connectionLimit,
      statementTimeout:
        statementTimeoutSeconds === undefined ? undefined : Duration.seconds(statementTimeoutSeconds),
    },
    futureTables: settings.futureTables,
    adoptExisting: settings.adoptExisting,
    passwordSecret:
      passwordSecret === undefined
        ? undefined
        : importSecret(scope, 'PasswordSecret', passwordSecret, undefined),
    verification: {
      onFailedStep: settings.onFailedStep as FailurePolicy | undefined,
      onUnreadable: settings.onUnreadable as FailurePolicy | undefined,
      onIncompleteRead: settings.onIncompleteRead as FailurePolicy | undefined,
      onNoLineage: settings.onNoLineage as FailurePolicy | undefined,
    },
    removalPolicy: settings.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : undefined,
    encryptionKey:
      encryptionKey === undefined ? undefined : kms.Key.fromKeyArn(scope, 'EncryptionKey', encryptionKey),
    statementLog: statementLog(settings),
    networkAccess: networkAccess(settings),
    sslMode: settings.sslMode as SslMode | undefined,
    functions: { revision: settings.revision },
  };
}

function statementLog(settings: ServerSettings): StatementLog {
  if (settings.statementLog === 'managed-elsewhere') return StatementLog.managedElsewhere();
  const { logRetention, shortenLogRetention } = settings;
  return StatementLog.managed({
    sharedParameterGroup: settings.sharedParameterGroup as SharedParameterGroup | undefined,
    rebootPolicy: settings.rebootPolicy as RebootPolicy | undefined,
    logBindValues: settings.logBindValues,
    logRetention:
      logRetention === undefined
        ? undefined
        : (shortenLogRetention ? LogRetention.exactly : LogRetention.atLeast)(logRetention),
  });
}

/** Returns the grants per database; the schemas of a database override those of the server. */
function grants(
  database: string | DatabaseSettings,
  { schemas, excludeSchemas, excludeTables }: ServerSettings,
) {
  const own: DatabaseSettings = typeof database === 'string' ? { name: database } : database;
  const tables = own.excludeTables ?? excludeTables;
  const chosen = own.schemas || own.excludeSchemas ? own : { schemas, excludeSchemas };
  return {
    databaseName: own.name,
    schemas: chosen.schemas && [...chosen.schemas],
    excludeSchemas: chosen.excludeSchemas && [...chosen.excludeSchemas],
    excludeTables: tables && [...tables],
    dataSourceName: own.dataSourceName,
  };
}
