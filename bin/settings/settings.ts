import type { NetworkPathKind } from '../../lib/private/wire/resources';
import type { ACCESS_SETTINGS, LOGGING_SETTINGS, Values } from '../../lib/private/wire/settings';

/** The settings of a server, from the context or a fleet file; the schema of the fleet file describes each key. */
export interface Settings
  extends
    Partial<Omit<Values<typeof ACCESS_SETTINGS>, 'statementTimeout'>>,
    Partial<Values<typeof LOGGING_SETTINGS>> {
  readonly stack?: string;
  readonly cluster?: string;
  readonly instance?: string;
  readonly databases?: readonly (string | DatabaseSettings)[];
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly vpc?: string;
  readonly subnets?: readonly string[];
  readonly securityGroup?: string;
  readonly functionSecurityGroup?: string;
  readonly adminSecret?: string;
  readonly adminSecretKey?: string;
  readonly encryptionKey?: string;
  readonly host?: string;
  readonly port?: number;
  readonly networkAccess?: NetworkPathKind;
  readonly allowedPrincipals?: readonly string[];
  readonly clientCidrs?: readonly string[];
  readonly acceptanceRequired?: boolean;
  readonly allowedAddresses?: readonly string[];
  readonly datafoldHost?: string;
  readonly datafoldPort?: number;
  readonly statementTimeoutSeconds?: number;
  readonly passwordSecret?: string;
  readonly statementLog?: 'managed' | 'managed-elsewhere';
  readonly logRetention?: number;
  readonly shortenLogRetention?: boolean;
  readonly revision?: string;
  readonly sslMode?: 'prefer' | 'require' | 'verify-ca' | 'verify-full';
}

export interface DatabaseSettings {
  readonly name: string;
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  readonly excludeTables?: readonly string[];
  readonly dataSourceName?: string;
}

/** The settings of a server with all required ones. */
export interface ServerSettings extends Settings {
  readonly databases: readonly (string | DatabaseSettings)[];
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly adminSecret: string;
}

/** Returns the kind and the identifier of a server, in lower case as in RDS: unique in an account and region. */
export function serverName({ cluster, instance }: Settings): string {
  return (cluster !== undefined ? `cluster-${cluster}` : `instance-${instance}`).toLowerCase();
}
