import { aws_iam as iam, type aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionSettings } from './function-settings';

/**
 * Creates the role of a function, which may only write to its own log group.
 *
 * Replaces the managed policy AWSLambdaBasicExecutionRole, which allows writing to every log group of the account.
 */
export function functionRole(
  scope: Construct,
  logGroup: logs.ILogGroup,
  { permissionsBoundary }: FunctionSettings,
): iam.Role {
  const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
  const role = new iam.Role(scope, 'Role', { assumedBy, permissionsBoundary });
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return role;
}
