import { readDatabaseAccess, type DatabaseAccess } from '../database-access/properties';
import { parseProperties } from '../runtime/fields';
import type { Holders } from '../data-source/stale-data-sources';
import { regionAndNameOf } from '../aws/secrets';

/** `PasswordRotationProperties` with their real types. */
export interface PasswordRotation extends Holders {
  readonly access: DatabaseAccess;
  /** The stack of the custom resource; undefined in the properties of the custom resource. */
  readonly stackId?: string;
  /** Returns the text for the secret, which this parser reads. */
  textFor(stackId: string): string;
}

export function parsePasswordRotation(properties: unknown): PasswordRotation {
  const { access, dataSourceSecretArns, topicArn } = (properties ?? {}) as Record<string, unknown>;
  return parseProperties(properties, (fields) => ({
    access: readDatabaseAccess(fields.object('access')),
    dataSourceSecrets: fields.texts('dataSourceSecretArns') ?? [],
    topic: fields.optionalText('topicArn'),
    stackId: fields.optionalText('stackId'),
    textFor: (stackId) => JSON.stringify({ access, dataSourceSecretArns, topicArn, stackId }),
  }));
}

/** Returns the physical id of the rotation of the password in a secret. */
export function passwordRotationId(secret: string): string {
  return `datafold-password-rotation/${regionAndNameOf(secret)}`;
}
