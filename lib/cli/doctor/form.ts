import type { ServerName } from '../../handler/provisioner/aws/rds-ports';
import { parseObject } from '../../handler/provisioner/aws/secret-kinds';

/** The data source in a secret; fields that are missing are empty. */
export interface Form {
  readonly type: string;
  readonly name: string;
  readonly tempSchema: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly databaseName: string;
  readonly rootCertificate?: string;
  readonly log?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly region: string;
    readonly logGroupName: string;
  };
}

const FIELDS = ['host', 'user', 'password', 'dbname', 'sslmode'];
const LOG_FIELDS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_region', 'aws_cloudwatch_log_group'];
const TYPES = ['pg', 'postgres_aurora', 'postgres_aws_rds'];

/** Reads a data source and lists the fields that Datafold needs and that are missing. Values are never printed. */
export function readForm(text: string): { form?: Form; missing: string[] } {
  const body = parseObject(text);
  if (!body) return { missing: ['it is not a JSON object'] };
  const options = (body.options ?? {}) as Record<string, unknown>;
  const is = (value: unknown) => (typeof value === 'string' && value !== '') || typeof value === 'number';
  const type = String(body.type);
  const required = type === 'pg' ? [] : LOG_FIELDS;
  const missing = [
    ...(TYPES.includes(type) ? [] : ['type']),
    ...['name', 'temp_schema'].filter((field) => !is(body[field])),
    ...[...FIELDS, ...required].filter((field) => !is(options[field])).map((field) => `options.${field}`),
  ];
  const read = (field: string) => (is(options[field]) ? String(options[field]) : '');
  const hasLog = LOG_FIELDS.every((field) => is(options[field]));
  return {
    missing,
    form: {
      type,
      name: is(body.name) ? String(body.name) : '',
      tempSchema: String(body.temp_schema ?? ''),
      host: read('host'),
      port: Number(options.port ?? 5432),
      user: read('user'),
      password: read('password'),
      databaseName: read('dbname'),
      ...(is(options.rootcert) && { rootCertificate: read('rootcert') }),
      ...(hasLog && {
        log: {
          accessKeyId: read('aws_access_key_id'),
          secretAccessKey: read('aws_secret_access_key'),
          region: read('aws_region'),
          logGroupName: read('aws_cloudwatch_log_group'),
        },
      }),
    },
  };
}

/** The server that writes to a log group of RDS. */
export function serverOfLog(logGroupName: string): ServerName | undefined {
  const [, kind, identifier] =
    /^\/aws\/rds\/(cluster|instance)\/([^/]+)\/postgresql$/.exec(logGroupName) ?? [];
  return identifier === undefined ? undefined : { kind: kind as ServerName['kind'], identifier };
}
