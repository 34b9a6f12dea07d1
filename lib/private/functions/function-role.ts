import { aws_iam as iam, type aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionSettings } from './function-settings';

/**
 * The role of a function: it may write its own log, nothing else.
 *
 * In place of the managed AWSLambdaBasicExecutionRole, which may write any log of the account.
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
