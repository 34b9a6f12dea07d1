import { type aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DataSourceProps } from '../../data-source-props';
import { LogAccess } from '../../log-access';
import type { PostgresServer } from '../../postgres-server';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { allowInspection } from '../server/server-lookup';
import { serverProperties, statementLogOf } from '../server/server-properties';
import type { LineageProofProperties } from '../wire/resources';
import { rightsOf } from './rights-of';

/** Returns the problems with the prop `proveLineage`. */
export function lineageProofProblems(
  { _spec: server }: PostgresServer,
  proveLineage: boolean | undefined,
  hasLogsUser: boolean,
): string[] {
  if (!proveLineage || (server.logGroupName !== undefined && hasLogsUser)) return [];
  return [
    server.logGroupName === undefined
      ? '`proveLineage` needs a server whose log is in CloudWatch: an Aurora cluster or an RDS instance'
      : '`proveLineage` needs a `logsUser`, whose key reads the statement log',
  ];
}

/** Adds the custom resource that runs a statement as the role and searches for it in the log with the key of the data source. */
export function proveLineage(
  scope: Construct,
  props: DataSourceProps,
  secret: secretsmanager.ISecret,
): ProvisionedResource {
  const { access, logsUser, statementLogging } = props;
  const server = access.server._spec;
  const sqlRunner = access.sqlRunner!; // `dataSourceProblems` rejects a missing one
  const properties: LineageProofProperties = {
    sqlRunner: sqlRunner.functionName,
    server: serverProperties(server),
    dataSourceSecretArn: secret.secretArn,
    statementLog: statementLogOf(server)!, // `lineageProofProblems` rejects a missing one
    keyHasSourceIps: logsUser?.hasSourceIps ? 'true' : undefined,
    pendingReboot: statementLogging?.pendingReboot,
  };
  const proof = new ProvisionedResource(scope, 'LineageProof', {
    resourceType: 'Custom::DatafoldLineageProof',
    properties,
    options: props,
    policyOf: rightsOf(access),
  });
  proof.allow(['lambda:InvokeFunction'], [sqlRunner.functionArn]);
  allowInspection(proof, server);
  proof.allowSecret(secret, 'read');
  if (logsUser?.hasSourceIps) proof.allow(['logs:FilterLogEvents'], logArns(scope, properties));
  return proof;
}

function logArns(scope: Construct, { statementLog }: LineageProofProperties): string[] {
  const arns = LogAccess.logGroupNames([statementLog.logGroupName])._arns(Stack.of(scope));
  return arns.flatMap((arn) => [arn, `${arn}:*`]);
}
