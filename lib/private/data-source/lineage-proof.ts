import { type aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CloudWatchLogsUser } from '../../cloudwatch-logs-user';
import type { DataSourceProps } from '../../data-source';
import { LogAccess } from '../../log-access';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { allowLooks } from '../server/server-lookup';
import type { DatabaseAccessProperties, LineageProofProperties } from '../wire/resources';

/** What is wrong with a proof that a user asked for. */
export function lineageProofProblems(
  { proveLineage, server }: Pick<DataSourceProps, 'proveLineage' | 'server'>,
  hasLogsUser: boolean,
): string[] {
  if (!proveLineage || (server._spec.logGroupName !== undefined && hasLogsUser)) return [];
  return [
    server._spec.logGroupName === undefined
      ? '`proveLineage` needs a server whose log is in CloudWatch: an Aurora cluster or an RDS instance'
      : '`proveLineage` needs a `logsUser`, whose key reads the statement log',
  ];
}

/** A statement of the role, found in the log with the key of the data source. */
export function proveLineage(
  scope: Construct,
  props: DataSourceProps,
  secret: secretsmanager.ISecret,
): ProvisionedResource {
  const { access, server } = props;
  const made = access._resource.properties as DatabaseAccessProperties;
  const hasSourceIps = (props.logsUser as Partial<CloudWatchLogsUser> | undefined)?._hasSourceIps;
  const properties: LineageProofProperties = {
    sqlRunner: made.sqlRunner,
    server: made.server,
    dataSourceSecretArn: secret.secretArn,
    statementLog: made.statementLog!, // a problem above, where there is none
    keyHasSourceIps: hasSourceIps ? 'true' : undefined,
  };
  const proof = new ProvisionedResource(scope, 'LineageProof', {
    resourceType: 'Custom::DatafoldLineageProof',
    properties,
    options: props,
    policyOf: access._resource,
  });
  proof.allow(['lambda:InvokeFunction'], [access.sqlRunner.functionArn]);
  allowLooks(proof, server._spec);
  proof.allowSecret(secret, 'read');
  if (hasSourceIps) proof.allow(['logs:FilterLogEvents'], logArns(scope, properties));
  return proof;
}

function logArns(scope: Construct, { statementLog }: LineageProofProperties): string[] {
  const arns = LogAccess.singleLogGroup(statementLog.logGroupName)._arns(Stack.of(scope));
  return arns.flatMap((arn) => [arn, `${arn}:*`]);
}
