import type { AccessKey } from '../aws/ports';
import { Failure } from '../runtime/failure';
import { readBody } from '../registration/secrets';
import type { Run } from '../aws/run';

/** The login and the log of a database, as Datafold gets them. */
export interface LogReading {
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly databaseName: string;
  readonly tempSchema: string;
  readonly key: AccessKey;
  readonly region: string;
  readonly logGroupName: string;
}

/** Reads login and log from a data source's secret. */
export async function readLogReading(run: Run, secret: string): Promise<LogReading> {
  const { name, options, temp_schema } = await readBody(run, secret);
  const text = (field: string) => {
    const value = options[field];
    if (typeof value === 'string' && value !== '') return value;
    throw new Failure(
      `The secret ${secret} has no \`options.${field}\`, so Datafold can't read the statement log with it. Give the data source a logsUser, then deploy again.`,
    );
  };
  return {
    name,
    user: text('user'),
    password: text('password'),
    databaseName: text('dbname'),
    tempSchema: String(temp_schema),
    key: { accessKeyId: text('aws_access_key_id'), secretAccessKey: text('aws_secret_access_key') },
    region: text('aws_region'),
    logGroupName: text('aws_cloudwatch_log_group'),
  };
}
