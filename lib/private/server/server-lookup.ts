import { ArnFormat, Stack } from 'aws-cdk-lib';
import { sharedBy } from '../statement-log/logging-rights';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import type { ServerSpec } from './server-spec';

/** Lets the provisioner ask RDS for the host of a server, where it is not known, and for its log, where it has one. */
export function allowLooks(resource: ProvisionedResource, spec: ServerSpec): void {
  if (spec.kind && resource.provisioner.shares(sharedBy(spec.kind))) return; // it may look at all
  if (spec.host === undefined || spec.logGroupName !== undefined) allowServer(resource, spec);
  if (spec.logGroupName !== undefined) resource.allow(['logs:DescribeLogGroups'], ['*']); // takes no resource
}

function allowServer(resource: ProvisionedResource, { kind, identifier }: ServerSpec): void {
  const [action, type] = kind === 'cluster' ? ['DBClusters', 'cluster'] : ['DBInstances', 'db'];
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const arn = Stack.of(resource).formatArn({
    service: 'rds',
    resource: type,
    resourceName: identifier,
    arnFormat,
  });
  resource.allow([`rds:Describe${action}`], [arn]);
}
