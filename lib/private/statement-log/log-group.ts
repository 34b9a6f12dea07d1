import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StatementLoggingOptions, StatementLoggingProps } from '../../statement-logging-props';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { LogGroupProperties } from '../wire/resources';
import { LOG_GROUP_SETTINGS, toWire, type Wire } from '../wire/settings';

/** Returns the desired settings of a log group as properties of a custom resource. */
export function logGroupProperties(
  scope: Construct,
  options: StatementLoggingOptions,
): Wire<typeof LOG_GROUP_SETTINGS> {
  return toWire(LOG_GROUP_SETTINGS, {
    logRetention: options.logRetention?._days,
    shortenLogRetention: options.logRetention?._shortens,
    logEncryptionKey: options.logEncryptionKey?.keyArn,
    maskedData: options.maskedData?.map(({ name }) => managedIdentifier(scope, name)),
  });
}

/** Returns problems with `maskedData`: custom data identifiers are not supported, since their policy belongs to the user. */
export function maskingProblems({ maskedData = [] }: StatementLoggingOptions): string[] {
  return maskedData
    .filter((identifier) => 'regex' in identifier)
    .map(({ name }) => `\`maskedData\` takes the managed identifiers of AWS only, got a custom one: ${name}`);
}

/** Returns the ARN of a managed data identifier (CloudWatch Logs user guide, "Types of data that you can protect"). */
function managedIdentifier(scope: Construct, resourceName: string): string {
  const owner = { service: 'dataprotection', region: '', account: 'aws' };
  return Stack.of(scope).formatArn({ ...owner, resource: 'data-identifier', resourceName });
}

/** Adds the custom resource for retention, key and masking of a log group; a `logs.LogGroup` would fail if RDS had created it first. */
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
  resource.share('LogGroupsPolicy', [{ actions: ['logs:DescribeLogGroups'], resources: ['*'] }]); // no resource-level permissions
  return resource;
}

/**
 * Returns the options that need optional permissions for a log group.
 *
 * The result is part of the key of the policy: if an option is removed, a new policy is created and the previous one still allows
 * undoing the option.
 */
export function logGroupRights(options: StatementLoggingOptions): string[] {
  return [...(options.logEncryptionKey ? ['key'] : []), ...(options.maskedData?.length ? ['masking'] : [])];
}

/** Allows the provisioner to set up one log group. */
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
    // The original settings are stored in tags of the log group.
    ...['TagLogGroup', 'UntagLogGroup', 'ListTagsLogGroup'],
  ];
  const butToDelete = [
    ...['CreateLogGroup', 'TagResource'], // for a log group that is created with tags
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
