import { parseProperties } from '../runtime/fields';
import { type LogsUser, parseLogsUser } from '../aws/logs-user-policy';

/** `AccessKeyProperties`, checked. */
export interface AccessKeyRequest extends LogsUser {
  readonly secret: string;
  /** The KMS key of the secret; undefined for that of AWS. */
  readonly secretKey?: string;
}

export function parseAccessKey(properties: unknown): AccessKeyRequest {
  return parseProperties(properties, (fields) => ({
    ...parseLogsUser(fields),
    secret: fields.text('secretArn'),
    secretKey: fields.optionalText('secretKeyArn'),
  }));
}

/** The access key of a user. */
export function accessKeyId(userName: string): string {
  return `datafold-access-key/${userName}`;
}
