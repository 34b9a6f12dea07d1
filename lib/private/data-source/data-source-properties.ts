import { Stack, Token, Tokenization, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { CloudWatchLogsUser, ICloudWatchLogsUser } from '../../cloudwatch-logs-user';
import type { DataSourceProps } from '../../data-source';
import { SslMode } from '../../ssl-mode';
import { lineageProofProblems } from './lineage-proof';
import { logsUserProblems } from '../statement-log/log-reach';
import { databaseProblems } from '../access/name-rules';
import { registrationProblems } from './registration';
import { isSameServer } from '../server/same-server';
import { problemsWithoutAdmin, serverName } from '../server/server-spec';
import type { DatabaseAccessProperties, DataSourceProperties } from '../wire/resources';

/** Everything that is wrong with a data source that a user asked for. */
export function dataSourceProblems(props: DataSourceProps): string[] {
  const { access, server, logsUser, databaseName, dataSourceName } = props;
  return [
    ...problemsWithoutAdmin(server._spec),
    ...databaseProblems('databaseName', databaseName),
    ...mismatches(props),
    ...settingsProblems(props, logsUser !== undefined),
    ...logsUserProblems(access, logsUser, server._spec),
    ...(dataSourceName === '' ? ['`dataSourceName` must not be empty'] : []),
  ];
}

type Settings = Pick<DataSourceProps, 'server' | 'registration' | 'proveLineage' | 'sslMode'>;

/** What is wrong whatever the database. */
export function settingsProblems(props: Settings, hasLogsUser: boolean): string[] {
  const { server, sslMode } = props;
  return [
    ...registrationProblems(props.registration),
    ...lineageProofProblems(props, hasLogsUser),
    ...(server._spec.tls === 'disable' && sslMode && sslMode !== SslMode.PREFER
      ? [`\`sslMode\` must be prefer for a server without TLS, got: ${sslMode}`]
      : []),
  ];
}

/** A role can log in to its own server, and to the databases that it was granted. */
function mismatches({ server, databaseName, access }: DataSourceProps): string[] {
  const { databases } = access._resource.properties as DatabaseAccessProperties;
  const granted = databases.map((one) => one.databaseName);
  const isKnown = ![databaseName, ...granted].some((name) => Token.isUnresolved(name));
  return [
    ...(isSameServer(access, access._server, server._spec) === false
      ? [
          `\`server\` must be that of \`access\`, the ${serverName(access._server)}, got: the ${serverName(server._spec)}`,
        ]
      : []),
    ...(isKnown && !granted.includes(databaseName)
      ? [
          `\`databaseName\` must be one of the \`databases\` of \`access\` (${granted.join(', ')}), its role may read no other, got: ${databaseName}`,
        ]
      : []),
  ];
}

/** The same, as it goes over the wire. */
export function dataSourceProperties(
  props: DataSourceProps,
  secret: secretsmanager.ISecret,
): DataSourceProperties {
  const { access, logsUser, databaseName } = props;
  const { type, identifier, host, port, caCertificate, logGroupName } = props.server._spec;
  const sslMode = props.sslMode ?? defaultSslMode(props);
  return {
    secretArn: secret.secretArn,
    passwordSecretArn: access.passwordSecret.secretArn,
    accessKeySecretArn: logsUser?.accessKeySecret.secretArn,
    accessKeyId: accessKeyId(secret, logsUser),
    type,
    name: props.dataSourceName ?? `${identifier}/${databaseName}`,
    tempSchema: access.tempSchema,
    host: host ?? access._resource.attribute('Host'),
    port: Tokenization.stringifyNumber(port),
    user: access.roleName,
    databaseName,
    sslMode,
    rootCertificate: caCertificate,
    authorities: authoritiesFor(props, sslMode),
    ...(logsUser && { region: Stack.of(access).region, logGroupName }),
  };
}

/** Only a logs user of this library makes a key. A reference to that of another stack would change what that stack exports. */
function accessKeyId(
  secret: secretsmanager.ISecret,
  logsUser: ICloudWatchLogsUser | undefined,
): string | undefined {
  const key = (logsUser as Partial<CloudWatchLogsUser> | undefined)?._key;
  return key && Stack.of(key) === Stack.of(secret) ? key.attribute('AccessKeyId') : undefined;
}

/** RDS has authorities of its own in each region: the provisioner has their certificates. */
function authoritiesFor(
  { server, sslMode: given }: DataSourceProps,
  sslMode: SslMode,
): DataSourceProperties['authorities'] {
  const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
  if (!verifies || !server._spec.kind || server._spec.caCertificate !== undefined) return undefined;
  return given === undefined ? 'rds-if-known' : 'rds';
}

function defaultSslMode({ server }: DataSourceProps): SslMode {
  if (server._spec.tls === 'disable') return SslMode.PREFER;
  if (server._spec.kind && server._spec.caCertificate === undefined) return SslMode.VERIFY_FULL;
  return server._spec.caCertificate && !Token.isUnresolved(server._spec.caCertificate)
    ? SslMode.VERIFY_FULL
    : SslMode.REQUIRE;
}
