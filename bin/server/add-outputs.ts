import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatafoldPostgres } from '../../lib';

/** The output for a pending reboot, since a deployment succeeds while a new parameter group waits for a reboot. */
export const LINEAGE =
  'Whether lineage was there when the role was last set up or looked at: ok, or what it waits for; another revision looks again';

/** The output for the network path, which Datafold's side completes later. */
export const NETWORK =
  'Whether Datafold could reach the server at the last deployment: ok, or what it waits for; another revision looks again';

/** Adds the outputs that the user needs next: the data sources, their statement log, whether a reboot is pending, and the network path. */
export function addOutputs(
  scope: Construct,
  { access, dataSources, logGroup, networkStatus }: DatafoldPostgres,
): void {
  dataSources.forEach(({ secret }, i) =>
    output(
      scope,
      `DataSource${i + 1}`,
      secret.secretArn,
      'A data source: the body of POST /api/v1/data_sources',
    ),
  );
  if (logGroup) output(scope, 'LogGroup', logGroup.logGroupName, 'The statement log that Datafold reads');
  output(scope, 'Lineage', access.lineageDownloadStep, LINEAGE);
  if (networkStatus !== undefined) output(scope, 'Network', networkStatus, NETWORK);
}

function output(scope: Construct, id: string, value: string, description: string): void {
  new CfnOutput(scope, id, { value, description });
}
