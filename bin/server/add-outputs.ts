import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { DatafoldPostgres } from '../../lib';

/** What somebody needs next: the data sources, and where their statement log is. */
export function addOutputs(stack: Stack, { connections, statementLogging }: DatafoldPostgres): void {
  connections.forEach(({ secret }, i) =>
    output(
      stack,
      `DataSource${i + 1}`,
      secret.secretArn,
      'A data source: the body of POST /api/v1/data_sources',
    ),
  );
  if (statementLogging)
    output(stack, 'LogGroup', statementLogging.logGroupName, 'The statement log that Datafold reads');
}

function output(stack: Stack, id: string, value: string, description: string): void {
  new CfnOutput(stack, id, { value, description });
}
