import type { DatabaseAccessProperties } from './resources';

/**
 * The settings of a password rotation, as JSON in a parameter of Systems Manager.
 *
 * Secrets Manager passes only the secret to a rotation, so the name of the parameter ends with the name of the secret. The settings
 * contain no secret, and are not trusted: the pins of the sql-runner name the server, the administrator, the role and the secret.
 */
export interface RotationSettings extends Pick<
  DatabaseAccessProperties,
  'sqlRunner' | 'server' | 'adminSecretArn' | 'roleName' | 'maintenanceDatabase'
> {
  /** A database that the role may connect to. */
  readonly databaseName: string;
  /** The secrets of the data sources that contain the password. */
  readonly dataSourceSecretArns: readonly string[];
  /** The topic for notices. */
  readonly topicArn?: string;
}

/** The limit of Systems Manager for the value of an advanced parameter. */
export const MAX_SETTINGS_CHARACTERS = 8_192;

/** Returns the name of the parameter for the rotation of a secret; a secret is named by the end of its ARN. */
export function rotationParameter(secretName: string): string {
  return `/cdk-datafold-postgres/password-rotation/${secretName}`;
}
