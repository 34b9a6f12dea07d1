import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { sharedBy } from '../statement-log/logging-rights';
import type { ServerSpec } from './server-spec';

/** Allows the provisioner to look up the host of a server in RDS if it is not known at synth, also for a Delete. */
export function allowLookup(resource: ProvisionedResource, spec: ServerSpec): void {
  if (spec.host !== undefined || (spec.kind && resource.sharesOf(sharedBy(spec.kind)))) return;
  const { actions, resources } = describe(resource, spec);
  resource.allow(actions, resources);
}

/** Allows the provisioner to inspect a server of RDS and its log group. */
export function allowInspection(resource: ProvisionedResource, spec: ServerSpec): void {
  allowLookup(resource, spec);
  if (spec.logGroupName === undefined) return;
  if (spec.host !== undefined) resource.allowButToDelete(describe(resource, spec));
  resource.allowButToDelete({ actions: ['logs:DescribeLogGroups'], resources: ['*'] }); // no resource-level permissions
}

function describe(resource: ProvisionedResource, { kind, identifier }: ServerSpec) {
  const [action, type] = kind === 'cluster' ? ['DBClusters', 'cluster'] : ['DBInstances', 'db'];
  const arn = Stack.of(resource).formatArn({
    service: 'rds',
    resource: type,
    resourceName: identifier,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { actions: [`rds:Describe${action}`], resources: [arn] };
}
