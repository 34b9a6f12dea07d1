import { parseProperties } from './properties';

/** `AccessKeyProperties`, checked. */
export interface AccessKeyRequest {
  readonly userName: string;
  readonly secret: string;
}

export function parseAccessKey(properties: unknown): AccessKeyRequest {
  return parseProperties(properties, (fields) => ({
    userName: fields.text('userName'),
    secret: fields.text('secretArn'),
  }));
}
