import { parseProperties } from '../runtime/fields';

/** `AccessKeyProperties`, checked. */
export interface AccessKeyRequest {
  readonly userName: string;
  readonly secret: string;
  /** The KMS key of the secret; undefined for that of AWS. */
  readonly secretKey?: string;
}

export function parseAccessKey(properties: unknown): AccessKeyRequest {
  return parseProperties(properties, (fields) => ({
    userName: fields.text('userName'),
    secret: fields.text('secretArn'),
    secretKey: fields.optionalText('secretKeyArn'),
  }));
}

/** The access key of a user. */
export function accessKeyId(userName: string): string {
  return `datafold-access-key/${userName}`;
}
