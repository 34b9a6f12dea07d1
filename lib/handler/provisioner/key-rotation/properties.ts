import { parseAccessKey, type AccessKeyRequest } from '../access-key/properties';
import type { KeyTimes } from '../access-key/key-state';
import type { Holders } from '../data-source/stale-data-sources';
import { parseProperties } from '../runtime/fields';

const DAY_MS = 24 * 60 * 60_000;

/** `RotateAccessKeyTask` with its real types. */
export interface KeyRotation extends AccessKeyRequest, Holders {
  readonly times: KeyTimes;
}

export function parseKeyRotation(raw: Readonly<Record<string, unknown>>): KeyRotation {
  const key = parseAccessKey(raw.properties);
  return parseProperties(raw, (fields) => ({
    ...key,
    times: {
      every: fields.number('every', 90, 3650) * DAY_MS,
      overlap: fields.number('overlap', 14, 3650) * DAY_MS,
      grace: fields.number('grace', 14, 3650) * DAY_MS,
    },
    dataSourceSecrets: fields.texts('dataSourceSecretArns') ?? [],
    topic: fields.optionalText('topicArn'),
  }));
}

/** The secrets whose values the data sources use. */
export interface Renewal extends Holders {
  readonly accessKeySecret?: string;
  readonly passwordSecret?: string;
}

/** `RenewDataSourcesTask` with its real types. */
export function parseRenewal(raw: Readonly<Record<string, unknown>>): Renewal {
  return parseProperties(raw, (fields) => ({
    accessKeySecret: fields.object('properties').optionalText('accessKeySecretArn'),
    passwordSecret: fields.object('properties').optionalText('passwordSecretArn'),
    dataSourceSecrets: fields.texts('dataSourceSecretArns') ?? [],
    topic: fields.optionalText('topicArn'),
  }));
}
