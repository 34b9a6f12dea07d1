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
  /** The source of the root certificate: the property, or the certificate authorities of RDS in the region. */
  readonly authorities: 'given' | NonNullable<DataSourceProperties['authorities']>;
  /** The statement log that Datafold reads, and the access key for it. */
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

/** Parses a data source that is part of other properties. */
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
    port: fields.number('port', 5432, 65535),
    keepAliveSeconds: fields.has('keepAliveSeconds')
      ? fields.number('keepAliveSeconds', 0, 7_200)
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

/** Returns the physical id of the data source in a secret. */
export function dataSourceId(secret: string): string {
  return `datafold-data-source/${regionAndNameOf(secret)}`;
}
