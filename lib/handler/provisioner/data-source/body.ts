import type { AccessKey } from '../aws/ports';
import type { DataSource } from './properties';

/** The data source as Datafold's API takes it. */
export function dataSourceBody(source: DataSource, password: string, key?: AccessKey): object {
  const { type, name, tempSchema, host, port, user, databaseName, sslMode, rootCertificate, statementLog } =
    source;
  return {
    type,
    name,
    temp_schema: tempSchema,
    options: {
      host,
      port,
      user,
      password,
      dbname: databaseName,
      sslmode: sslMode,
      ...(rootCertificate !== undefined && { rootcert: rootCertificate }),
      ...(key &&
        statementLog && {
          aws_access_key_id: key.accessKeyId,
          aws_secret_access_key: key.secretAccessKey,
          aws_region: statementLog.region,
          aws_cloudwatch_log_group: statementLog.logGroupName,
        }),
    },
  };
}
