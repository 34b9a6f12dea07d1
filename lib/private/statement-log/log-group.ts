import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StatementLoggingOptions, StatementLoggingProps } from '../../statement-logging-props';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { LogGroupProperties } from '../wire/resources';

/** What is wanted of a log group, as it goes over the wire. */
export function logGroupProperties(scope: Construct, options: StatementLoggingOptions) {
  return {
    retentionInDays: options.logRetention && String(options.logRetention._days),
    shortenRetention: options.logRetention?._shortens ? ('true' as const) : ('false' as const),
    kmsKeyArn: options.logEncryptionKey?.keyArn,
    maskedDataIdentifiers: options.maskedData?.map(({ name }) => managedIdentifier(scope, name)),
  };
}

/** What can't be masked: an identifier of one's own is part of a policy that only its owner should write. */
export function maskingProblems({ maskedData = [] }: StatementLoggingOptions): string[] {
  return maskedData
    .filter((identifier) => 'regex' in identifier)
    .map(({ name }) => `\`maskedData\` takes the managed identifiers of AWS only, got a custom one: ${name}`);
}

/** The ARN of a managed data identifier (CloudWatch Logs user guide, "Types of data that you can protect"). */
function managedIdentifier(scope: Construct, resourceName: string): string {
  const owner = { service: 'dataprotection', region: '', account: 'aws' };
  return Stack.of(scope).formatArn({ ...owner, resource: 'data-identifier', resourceName });
}

/** Retention, key and masking of a log group that RDS may have made first, when a `logs.LogGroup` would fail. */
export function logGroup(
  scope: Construct,
  logGroupName: string,
  options: StatementLoggingProps,
  serverResource: string,
): ProvisionedResource {
  const properties: LogGroupProperties = {
    logGroupName,
    ...logGroupProperties(scope, options),
    serverResource,
  };
  const resource = new ProvisionedResource(scope, 'LogGroup', {
    resourceType: 'Custom::DatafoldLogGroup',
    properties,
    options,
    rightsTo: [logGroupName, ...logGroupRights(options)],
    makesTaggable: true,
  });
  allowLogGroup(resource, logGroupName, options);
  resource.share('LogGroupsPolicy', [{ actions: ['logs:DescribeLogGroups'], resources: ['*'] }]); // takes no resource
  return resource;
}

/**
 * What is optional among the rights to set up a log group.
 *
 * Part of what tells policies apart: one that has lost an option is another one, and the former one undoes it.
 */
export function logGroupRights(options: StatementLoggingOptions): string[] {
  return [...(options.logEncryptionKey ? ['key'] : []), ...(options.maskedData?.length ? ['masking'] : [])];
}

/** The rights to set up one log group. */
export function allowLogGroup(
  resource: ProvisionedResource,
  logGroupName: string,
  options: StatementLoggingOptions,
): void {
  const arn = Stack.of(resource).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const optional = logGroupRights(options);
  const actions = [
    ...['PutRetentionPolicy', 'DeleteRetentionPolicy'],
    ...(optional.includes('key') ? ['AssociateKmsKey', 'DisassociateKmsKey'] : []),
    ...(optional.includes('masking') ? ['DeleteDataProtectionPolicy', 'GetDataProtectionPolicy'] : []),
    // The former settings are kept in tags of the group.
    ...['TagLogGroup', 'UntagLogGroup', 'ListTagsLogGroup'],
  ];
  const butToDelete = [
    ...['CreateLogGroup', 'TagResource'], // for a group that is made with tags
    ...(optional.includes('masking') ? ['PutDataProtectionPolicy'] : []),
  ];
  resource.allow(
    actions.map((action) => `logs:${action}`),
    [arn, `${arn}:*`],
  );
  resource.allowTogether({
    actions: butToDelete.map((action) => `logs:${action}`),
    resources: [arn, `${arn}:*`],
  });
}
