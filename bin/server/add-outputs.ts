import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatafoldPostgres } from '../../lib';

/** What somebody needs next: the data sources, and where their statement log is. */
export function addOutputs(scope: Construct, { connections, statementLogging }: DatafoldPostgres): void {
  connections.forEach(({ secret }, i) =>
    output(
      scope,
      `DataSource${i + 1}`,
      secret.secretArn,
      'A data source: the body of POST /api/v1/data_sources',
    ),
  );
  if (statementLogging)
    output(scope, 'LogGroup', statementLogging.logGroupName, 'The statement log that Datafold reads');
}

function output(scope: Construct, id: string, value: string, description: string): void {
  new CfnOutput(scope, id, { value, description });
}
