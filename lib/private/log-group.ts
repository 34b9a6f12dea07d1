import { ArnFormat, Stack, type aws_kms as kms, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { HandlerCode } from '../handler-code';
import { ProvisionedResource } from './provisioned-resource';
import type { LogGroupProperties } from './wire/resources';

/** Retention and key of a log group that RDS may have made first, when a `logs.LogGroup` would fail. */
export function logGroup(
  scope: Construct,
  logGroupName: string,
  code: HandlerCode,
  retention?: logs.RetentionDays,
  key?: kms.IKey,
): ProvisionedResource {
  const properties: LogGroupProperties = {
    logGroupName,
    retentionInDays: retention === undefined ? undefined : String(retention),
    kmsKeyArn: key?.keyArn,
  };
  const resource = new ProvisionedResource(scope, 'LogGroup', {
    resourceType: 'Custom::DatafoldLogGroup',
    properties,
    code,
  });
  const arn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  resource.allow(
    [
      'logs:CreateLogGroup',
      'logs:PutRetentionPolicy',
      'logs:DeleteRetentionPolicy',
      'logs:AssociateKmsKey',
      'logs:DisassociateKmsKey',
      'logs:TagResource',
      'logs:UntagResource',
      'logs:ListTagsForResource',
    ],
    [arn, `${arn}:*`],
  );
  resource.allow(['logs:DescribeLogGroups'], ['*']); // takes no resource
  return resource;
}
