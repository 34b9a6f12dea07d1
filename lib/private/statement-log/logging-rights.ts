import { ArnFormat, Stack, type aws_rds as rds } from 'aws-cdk-lib';
import { RebootPolicy } from '../../reboot-policy';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { known } from '../server/imported';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import type { Right } from '../functions/further-rights';
import type { ServerSpec } from '../server/server-spec';
import type { StatementLoggingProperties } from '../wire/resources';

type Server = Pick<StatementLoggingProperties, 'kind' | 'identifier' | 'sharedParameterGroup'>;

/** Allows the provisioner to change a server and its parameter groups. */
export function allowServer(
  resource: ProvisionedResource,
  { kind, identifier, sharedParameterGroup }: Server,
  {
    parameterGroupName,
    rebootPolicy,
    server,
  }: Pick<StatementLoggingProps, 'rebootPolicy' | 'server'> & { readonly parameterGroupName?: string },
): void {
  const arn = arnsIn(Stack.of(resource));
  const { thing, group, arnType, groupType } = NAMES[kind];
  const modify = `rds:Modify${thing}`;
  const inGroup = [`rds:Modify${group}Group`, `rds:Reset${group}Group`];
  // Also allowed for a token: in the self-contained templates, a parameter decides whether the group is copied.
  const copy =
    sharedParameterGroup === 'refuse' || sharedParameterGroup === 'modify' ? [] : [`rds:Copy${group}Group`];
  const commonRights = commonRightsOf(kind, arn);

  if (parameterGroupName === undefined) {
    const anyGroup = { actions: [modify, ...inGroup], resources: [arn(groupType, '*')] };
    resource.share(sharedBy(kind), [...commonRights, anyGroup]);
    if (copy.length > 0) resource.allowTogether({ actions: copy, resources: [arn(groupType, '*')] });
  } else {
    commonRights.forEach(({ actions, resources }) => resource.allow(actions, resources));
    // A group that another stack created, and that this stack shares, has the name of that stack.
    const groups = [arn(groupType, parameterGroupName), arn(groupType, 'datafold-*')];
    resource.allow([...inGroup, ...copy], groups);
    // A default group replaces an original group that no longer exists.
    resource.allow([modify], [...groups, arn(groupType, 'default.*')]);
  }
  resource.allow([modify, ...TAGS], [arn(arnType, identifier)]);
  if (rebootPolicy !== RebootPolicy.IF_PENDING) return;
  const reboot = {
    actions: ['rds:RebootDBInstance'],
    resources: instancesOf(server._spec).map((name) => arn('db', name)),
  };
  const all = arn('db', '*');
  if (reboot.resources.includes(all))
    resource.share('RebootPolicy', [{ actions: ['rds:DescribeDBInstances'], resources: [all] }, reboot]);
  else resource.allow(reboot.actions, reboot.resources);
}

/** Returns the id of the policy that all servers of a kind share, except those whose parameter group is known. */
export const sharedBy = (kind: Server['kind']) => (kind === 'cluster' ? 'ClustersPolicy' : 'InstancesPolicy');

const TAGS = ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'].map(
  (verb) => `rds:${verb}`,
);

const NAMES = {
  cluster: { thing: 'DBCluster', group: 'DBClusterParameter', arnType: 'cluster', groupType: 'cluster-pg' },
  instance: { thing: 'DBInstance', group: 'DBParameter', arnType: 'db', groupType: 'pg' },
} as const;

/** Returns the permissions that do not depend on the server: to find the other users of a group, all servers are inspected. */
function commonRightsOf(kind: Server['kind'], arn: (type: string, name: string) => string): Right[] {
  const { group, groupType } = NAMES[kind];
  const ofClusters = kind === 'cluster';
  return [
    ...(ofClusters ? [{ actions: ['rds:DescribeDBClusters'], resources: [arn('cluster', '*')] }] : []),
    { actions: ['rds:DescribeDBInstances'], resources: [arn('db', '*')] },
    {
      actions: [`rds:Describe${group}Groups`, `rds:Describe${group}s`],
      resources: [arn(groupType, '*')],
    },
    ...(ofClusters ? [{ actions: ['rds:DescribeDBParameters'], resources: [arn('pg', '*')] }] : []),
    // The groups that this library creates; one that another stack created and this stack shares has the name of that stack.
    {
      actions: [`rds:Create${group}Group`, `rds:Delete${group}Group`, ...TAGS],
      resources: [arn(groupType, 'datafold-*')],
    },
    { actions: ['logs:DescribeLogGroups'], resources: ['*'] }, // no resource-level permissions
  ];
}

const arnsIn = (stack: Stack) => (resource: string, resourceName: string) =>
  stack.formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** Returns the names of the instances of a server, or `*` if they are not known. */
function instancesOf({ kind, identifier, resource }: ServerSpec): string[] {
  if (kind !== 'cluster') return [identifier];
  const named = known(() => (resource as rds.IDatabaseCluster).instanceIdentifiers);
  return named && named.length > 0 ? named : ['*'];
}
