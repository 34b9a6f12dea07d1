import { readDatabaseAccess, type DatabaseAccess } from '../database-access/properties';
import { parseProperties } from '../runtime/fields';
import type { Holders } from '../data-source/stale-data-sources';
import { regionAndNameOf } from '../aws/secrets';

/** `PasswordRotationProperties` with their real types. */
export interface PasswordRotation extends Holders {
  readonly access: DatabaseAccess;
  /** The stack of the custom resource; undefined in its properties, which do not name it. */
  readonly stackId?: string;
  /** The same as it is kept in the secret: whatever release reads it has this parser. */
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

/** The rotation of the password in a secret. */
export function passwordRotationId(secret: string): string {
  return `datafold-password-rotation/${regionAndNameOf(secret)}`;
}
