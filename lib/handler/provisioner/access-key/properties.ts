import { parseProperties } from '../runtime/properties';

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
