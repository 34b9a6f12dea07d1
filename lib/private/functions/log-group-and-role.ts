import { aws_iam as iam, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionSettings } from './function-settings';

/**
 * Creates the log group of a function, and its role, which may only write to this log group.
 *
 * Replaces the managed policy AWSLambdaBasicExecutionRole, which allows writing to every log group of the account.
 */
export function logGroupAndRole(
  scope: Construct,
  { logRetention, logEncryptionKey, permissionsBoundary }: FunctionSettings,
): { readonly logGroup: logs.LogGroup; readonly role: iam.Role } {
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: logRetention,
    encryptionKey: logEncryptionKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
  const role = new iam.Role(scope, 'Role', { assumedBy, permissionsBoundary });
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return { logGroup, role };
}
