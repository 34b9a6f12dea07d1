import { parseAccessKey, type AccessKeyRequest } from '../access-key/properties';
import type { KeyTimes } from '../access-key/key-state';
import { parseProperties } from '../runtime/properties';

const DAY = 24 * 60 * 60_000;

/** The data sources that hold a key, and who is told when they change. */
export interface Holders {
  readonly connectionSecrets: readonly string[];
  readonly topic?: string;
}

/** `RotateAccessKeyTask` with its real types. */
export interface KeyRotation extends AccessKeyRequest, Holders {
  readonly times: KeyTimes;
}

export function parseKeyRotation(raw: Readonly<Record<string, unknown>>): KeyRotation {
  const key = parseAccessKey(raw.properties);
  return parseProperties(raw, (fields) => ({
    ...key,
    times: {
      every: fields.number('every', 90, 1, 3650) * DAY,
      overlap: fields.number('overlap', 14, 1, 3650) * DAY,
      grace: fields.number('grace', 14, 1, 3650) * DAY,
    },
    connectionSecrets: fields.texts('dataSourceSecretArns') ?? [],
    topic: fields.optionalText('topicArn'),
  }));
}

/** Which secrets the connections follow. */
export interface Renewal extends Holders {
  readonly accessKeySecret?: string;
  readonly passwordSecret?: string;
}

/** `RenewDataSourcesTask` with its real types. */
export function parseRenewal(raw: Readonly<Record<string, unknown>>): Renewal {
  return parseProperties(raw, (fields) => ({
    accessKeySecret: fields.object('properties').optionalText('accessKeySecretArn'),
    passwordSecret: fields.object('properties').optionalText('passwordSecretArn'),
    connectionSecrets: fields.texts('dataSourceSecretArns') ?? [],
    topic: fields.optionalText('topicArn'),
  }));
}
