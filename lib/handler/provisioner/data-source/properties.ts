import type { DataSourceProperties } from '../../../private/wire/resources';
import { type Fields, parseProperties } from '../runtime/fields';
import { regionAndNameOf } from '../aws/secrets';

/** `DataSourceProperties` with their real types and defaults. */
export interface DataSource {
  readonly secret: string;
  readonly passwordSecret: string;
  readonly type: DataSourceProperties['type'];
  readonly name: string;
  readonly tempSchema: string;
  readonly host: string;
  readonly port: number;
  readonly keepAliveSeconds?: number;
  readonly user: string;
  readonly databaseName: string;
  readonly sslMode: string;
  readonly rootCertificate?: string;
  /** Where the root certificate comes from: the property, or the authorities of RDS in the region. */
  readonly authorities: 'given' | NonNullable<DataSourceProperties['authorities']>;
  /** Where Datafold reads the statement log, and with which key. */
  readonly statementLog?: StatementLog;
}

interface StatementLog {
  readonly accessKeySecret: string;
  readonly region: string;
  readonly logGroupName: string;
}

export function parseDataSource(properties: unknown): DataSource {
  return parseProperties(properties, readDataSource);
}

/** The same where it is part of something larger. */
export function readDataSource(fields: Fields): DataSource {
  const type = fields.oneOf('type', ['pg', 'postgres_aurora', 'postgres_aws_rds'], 'postgres_aurora');
  const accessKeySecret = type === 'pg' ? undefined : fields.optionalText('accessKeySecretArn');
  const host = fields.text('host');
  if (host.length > 128) fields.report('host', `must have at most 128 characters, got ${host.length}`);
  return {
    secret: fields.text('secretArn'),
    passwordSecret: fields.text('passwordSecretArn'),
    type,
    name: fields.text('name'),
    tempSchema: fields.text('tempSchema'),
    host,
    port: fields.number('port', 5432, 1, 65535),
    keepAliveSeconds: fields.has('keepAliveSeconds')
      ? fields.number('keepAliveSeconds', 0, 1, 7_200)
      : undefined,
    user: fields.text('user'),
    databaseName: fields.text('databaseName'),
    sslMode: fields.oneOf('sslMode', ['prefer', 'require', 'verify-ca', 'verify-full'], 'prefer'),
    rootCertificate: fields.optionalText('rootCertificate'),
    authorities: fields.oneOf('authorities', ['given', 'rds', 'rds-if-known'], 'given'),
    statementLog: accessKeySecret
      ? { accessKeySecret, region: fields.text('region'), logGroupName: fields.text('logGroupName') }
      : undefined,
  };
}

/** The data source that a secret describes. */
export function dataSourceId(secret: string): string {
  return `datafold-data-source/${regionAndNameOf(secret)}`;
}
