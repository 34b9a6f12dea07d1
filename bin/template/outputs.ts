import { type CfnCondition, CfnOutput, type Stack } from 'aws-cdk-lib';
import type { CloudWatchLogsUser, DatafoldPostgres } from '../../lib';
import { LINEAGE, NETWORK } from '../server/add-outputs';
import type { Conditions } from './conditions';
import type { NetworkPaths } from './network';

/** Adds the outputs that the user needs after launching the template. */
export function addOutputs(
  stack: Stack,
  { access, dataSources, logGroup }: DatafoldPostgres,
  own: CloudWatchLogsUser,
  { privateLink, allowlist }: NetworkPaths,
  { databases, makesLogsUser, hasPrivateLink, hasAllowlist }: Conditions,
): void {
  const output = (id: string, description: string, value: string, condition?: CfnCondition) =>
    new CfnOutput(stack, id, { description, value, condition });

  dataSources.forEach(({ secret }, i) => {
    const which = i === 0 ? 'the first database' : `database ${i + 1}`;
    output(
      `DataSourceSecretArn${i + 1}`,
      `The secret with the data source of ${which}, as Datafold's API takes it`,
      secret.secretArn,
      databases[i].condition,
    );
  });
  output('LogGroup', 'The statement log that Datafold reads', logGroup!.logGroupName);
  output('Lineage', LINEAGE, access.lineageDownloadStep);
  output('PrivateLinkStatus', NETWORK, privateLink.networkStatus, hasPrivateLink);
  output('AllowlistStatus', NETWORK, allowlist.networkStatus, hasAllowlist);
  output(
    'LogsAccessKeySecretArn',
    'For further stacks of this account, whatever their region: give it as AccessKeySecretArn',
    own.accessKeySecret.secretArn,
    makesLogsUser,
  );
  output(
    'NextStep',
    'What to do now',
    `In Datafold, add a data source with the values of this secret (one per database): aws secretsmanager get-secret-value --region ${stack.region} --secret-id ${dataSources[0].secret.secretArn} --query SecretString --output text`,
  );
}
