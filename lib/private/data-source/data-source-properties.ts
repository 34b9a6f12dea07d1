import { Stack, Token, Tokenization, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { ICloudWatchLogsUser } from '../../cloudwatch-logs-user';
import type { DataSourceProps } from '../../data-source-props';
import type { PostgresServer } from '../../postgres-server';
import { SslMode } from '../../ssl-mode';
import { lineageProofProblems } from './lineage-proof';
import { logsUserProblems } from '../statement-log/logs-user-problems';
import { databaseProblems } from '../access/name-rules';
import { registrationProblems } from './registration';
import type { DataSourceProperties } from '../wire/resources';

/** Returns all problems with the props of a `DataSource`. */
export function dataSourceProblems(props: DataSourceProps): string[] {
  const { access, logsUser, databaseName, dataSourceName, proveLineage, sslMode } = props;
  const { server } = access;
  return [
    ...databaseProblems('databaseName', databaseName),
    ...databaseMismatch(props),
    ...registrationProblems(props.registration),
    ...lineageProofProblems(server, proveLineage, logsUser !== undefined),
    ...(proveLineage && !access.sqlRunner
      ? [
          '`proveLineage` needs the `access` of the app that set up the role, whose sql-runner runs the statement',
        ]
      : []),
    ...sslModeProblems(server, sslMode),
    ...logsUserProblems(access, logsUser, server._spec),
    ...(dataSourceName === '' ? ['`dataSourceName` must not be empty'] : []),
  ];
}

/** Returns the problems with the prop `sslMode`. */
export function sslModeProblems({ _spec: server }: PostgresServer, sslMode: SslMode | undefined): string[] {
  if (server.tls !== 'disable' || !sslMode || sslMode === SslMode.PREFER) return [];
  return [`\`sslMode\` must be prefer for a server without TLS, got: ${sslMode}`];
}

/** Returns a problem if the role has no access to the database. */
function databaseMismatch({ databaseName, access }: DataSourceProps): string[] {
  const granted = access.databaseNames ?? [databaseName];
  if (granted.includes(databaseName) || [databaseName, ...granted].some((name) => Token.isUnresolved(name)))
    return [];
  return [
    `\`databaseName\` must be one of the \`databases\` of \`access\` (${granted.join(', ')}), its role may read no other, got: ${databaseName}`,
  ];
}

/** Returns the properties of the custom resource. */
export function dataSourceProperties(
  props: DataSourceProps,
  secret: secretsmanager.ISecret,
): DataSourceProperties {
  const { access, logsUser, databaseName } = props;
  const {
    type,
    identifier,
    port,
    datafoldHost,
    datafoldPort,
    caCertificate,
    logGroupName,
    keepAliveSeconds,
  } = access.server._spec;
  const sslMode = props.sslMode ?? defaultSslMode(props);
  return {
    secretArn: secret.secretArn,
    passwordSecretArn: access.passwordSecret.secretArn,
    accessKeySecretArn: logsUser?.accessKeySecret.secretArn,
    accessKeyId: accessKeyId(secret, logsUser),
    type,
    name: props.dataSourceName ?? `${identifier}/${databaseName}`,
    tempSchema: access.tempSchema,
    host: datafoldHost ?? access.host,
    port: Tokenization.stringifyNumber(datafoldPort ?? port),
    keepAliveSeconds: keepAliveSeconds === undefined ? undefined : String(keepAliveSeconds),
    user: access.roleName,
    databaseName,
    sslMode,
    rootCertificate: caCertificate,
    authorities: authoritiesFor(props, sslMode),
    ...(logsUser && { region: Stack.of(access).region, logGroupName }),
  };
}

/** Returns the id of the access key, but not that of another stack: the reference would change the exports of that stack. */
function accessKeyId(
  secret: secretsmanager.ISecret,
  logsUser: ICloudWatchLogsUser | undefined,
): string | undefined {
  return logsUser && Stack.of(logsUser) === Stack.of(secret) ? logsUser.accessKeyId : undefined;
}

/** Returns whether to use the certificate authorities of RDS in the region, whose certificates the provisioner contains. */
function authoritiesFor(
  { access, sslMode: given }: DataSourceProps,
  sslMode: SslMode,
): DataSourceProperties['authorities'] {
  const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
  const { kind, caCertificate } = access.server._spec;
  if (!verifies || !kind || caCertificate !== undefined) return undefined;
  return given === undefined ? 'rds-if-known' : 'rds';
}

function defaultSslMode({ access }: DataSourceProps): SslMode {
  const { tls, kind, caCertificate, datafoldHost } = access.server._spec;
  if (tls === 'disable') return SslMode.PREFER;
  const isVerifiable = caCertificate === undefined ? kind !== undefined : !Token.isUnresolved(caCertificate);
  if (!isVerifiable) return SslMode.REQUIRE;
  // The certificate is valid only for the host name of the server.
  return datafoldHost === undefined ? SslMode.VERIFY_FULL : SslMode.VERIFY_CA;
}
