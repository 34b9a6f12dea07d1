import { ArnFormat, Stack, type aws_rds as rds } from 'aws-cdk-lib';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { known } from '../server/imported';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import type { Right } from '../functions/provisioner';
import type { ServerSpec } from '../server/server-spec';
import type { StatementLoggingProperties } from '../wire/resources';

type Server = Pick<StatementLoggingProperties, 'kind' | 'identifier' | 'newGroupName'>;

/** Lets the provisioner change this server and its groups. */
export function allowServer(
  resource: ProvisionedResource,
  { kind, identifier, newGroupName }: Server,
  { parameterGroupName, rebootPolicy, server }: StatementLoggingProps,
): void {
  const arn = arnsIn(Stack.of(resource));
  const { thing, group, arnType, groupType } = WORDS[kind];
  const serverArn = arn(arnType, identifier);
  const own = arn(groupType, `${newGroupName}-*`);
  const modify = `rds:Modify${thing}`;
  const changes = ['Modify', 'Reset', 'Copy'].map((verb) => `rds:${verb}${group}Group`);
  const alike = rightsOfAll(kind, arn);

  if (parameterGroupName === undefined) {
    const anyGroup = { actions: [modify, ...changes], resources: [arn(groupType, '*')] };
    resource.share(sharedBy(kind), [...alike, anyGroup]);
  } else {
    alike.forEach(({ actions, resources }) => resource.allow(actions, resources));
    const inUse = arn(groupType, parameterGroupName);
    // A default group takes the place of a former group that was deleted since.
    resource.allow([modify], [inUse, arn(groupType, 'default.*')]);
    resource.allow(changes, [inUse, own]);
  }
  const tags = ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'];
  resource.allow([modify, ...tags.map((verb) => `rds:${verb}`)], [serverArn, own]);
  resource.allow([`rds:Create${group}Group`], [own]);
  if (rebootPolicy?._mode === 'if-pending')
    resource.allow(
      ['rds:RebootDBInstance'],
      instancesOf(server._spec).map((name) => arn('db', name)),
    );
}

/** The policy that all servers of a kind have in common, unless the group of one is known by name. */
export const sharedBy = (kind: Server['kind']) => (kind === 'cluster' ? 'ClustersPolicy' : 'InstancesPolicy');

const WORDS = {
  cluster: { thing: 'DBCluster', group: 'DBClusterParameter', arnType: 'cluster', groupType: 'cluster-pg' },
  instance: { thing: 'DBInstance', group: 'DBParameter', arnType: 'db', groupType: 'pg' },
} as const;

/** Whatever the server: to find out who else uses a group, all must be looked at. */
function rightsOfAll(kind: Server['kind'], arn: (type: string, name: string) => string): Right[] {
  const { group, groupType } = WORDS[kind];
  const ofClusters = kind === 'cluster';
  const servers = [...(ofClusters ? ['rds:DescribeDBClusters'] : []), 'rds:DescribeDBInstances'];
  return [
    { actions: servers, resources: [arn('cluster', '*'), arn('db', '*')] },
    {
      actions: [`rds:Describe${group}Groups`, `rds:Describe${group}s`],
      resources: [arn(groupType, '*')],
    },
    ...(ofClusters ? [{ actions: ['rds:DescribeDBParameters'], resources: [arn('pg', '*')] }] : []),
    // One that another stack made and left to this one has the name of that stack; its tags say whether it was made.
    {
      actions: [`rds:Delete${group}Group`, 'rds:ListTagsForResource'],
      resources: [arn(groupType, 'datafold-*')],
    },
    { actions: ['logs:DescribeLogGroups'], resources: ['*'] }, // takes no resource
  ];
}

const arnsIn = (stack: Stack) => (resource: string, resourceName: string) =>
  stack.formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** The instances of a server, by name where the app knows them. */
function instancesOf({ kind, identifier, resource }: ServerSpec): string[] {
  if (kind !== 'cluster') return [identifier];
  const named = known(() => (resource as rds.IDatabaseCluster).instanceIdentifiers);
  return named && named.length > 0 ? named : ['*'];
}
