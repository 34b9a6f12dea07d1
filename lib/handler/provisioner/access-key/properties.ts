import { parseProperties } from '../runtime/fields';
import { type LogsUser, parseLogsUser } from '../aws/logs-user-policy';

/** `AccessKeyProperties`, checked. */
export interface AccessKeyRequest extends LogsUser {
  readonly secret: string;
  /** The customer managed KMS key of the secret; undefined for the AWS managed key. */
  readonly secretKey?: string;
}

export function parseAccessKey(properties: unknown): AccessKeyRequest {
  return parseProperties(properties, (fields) => ({
    ...parseLogsUser(fields),
    secret: fields.text('secretArn'),
    secretKey: fields.optionalText('secretKeyArn'),
  }));
}

/** Returns the physical id of the access key of a user. */
export function accessKeyId(userName: string): string {
  return `datafold-access-key/${userName}`;
}
