import { ArnFormat, Names, Stack, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SharedParameterGroup } from '../shared-parameter-group';
import type { StatementLoggingProps } from '../statement-logging-props';
import { known } from './imported';
import { allowLogGroup, logGroupProperties } from './log-group';
import { ProvisionedResource } from './provisioned-resource';
import type { ServerSpec } from './server-spec';
import type { StatementLoggingProperties } from './wire/resources';

/** Statement logging of a server that this app does not define: changed through the API of RDS. */
export function logAtDeployment(scope: Construct, props: StatementLoggingProps): ProvisionedResource {
  const { identifier, logGroupName } = props.server._spec;
  const kind = props.server._spec.kind!; // StatementLogging refuses an endpoint
  const newGroupName = groupName(scope);
  const properties: StatementLoggingProperties = {
    kind,
    identifier,
    newGroupName,
    sharedParameterGroup: props.sharedParameterGroup ?? SharedParameterGroup.REFUSE,
    reboot: props.rebootPolicy?._mode ?? 'never',
    logBindValues: props.logBindValues === false ? 'false' : 'true',
    ...logGroupProperties(scope, props),
  };
  const resource = new ProvisionedResource(scope, 'Server', {
    resourceType: 'Custom::DatafoldStatementLogging',
    properties,
    options: props,
    rightsTo: [kind, identifier, props.parameterGroupName ?? '*'],
  });
  allowServer(resource, { kind, identifier, newGroupName }, props);
  allowLogGroup(resource, logGroupName!);
  return resource;
}

type Server = Pick<StatementLoggingProperties, 'kind' | 'identifier' | 'newGroupName'>;

/** This server and its groups. To find out who else uses a group, all servers must be looked at. */
function allowServer(
  resource: ProvisionedResource,
  { kind, identifier, newGroupName }: Server,
  { parameterGroupName, rebootPolicy, server }: StatementLoggingProps,
): void {
  const isCluster = kind === 'cluster';
  const arn = (type: string, name: string) =>
    Stack.of(resource).formatArn({
      service: 'rds',
      resource: type,
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const [thing, group] = isCluster ? ['DBCluster', 'DBClusterParameter'] : ['DBInstance', 'DBParameter'];
  const groupArn = (name: string) => arn(isCluster ? 'cluster-pg' : 'pg', name);
  const serverArn = arn(isCluster ? 'cluster' : 'db', identifier);
  const own = groupArn(`${newGroupName}-*`);
  const inUse = groupArn(parameterGroupName ?? '*');
  const allow = (verbs: string[], resources: string[]) =>
    resource.allow(
      verbs.map((verb) => `rds:${verb}`),
      [...new Set(resources)],
    );

  allow(
    [...(isCluster ? ['DescribeDBClusters'] : []), 'DescribeDBInstances'],
    [arn('cluster', '*'), arn('db', '*')],
  );
  allow([`Describe${group}Groups`, `Describe${group}s`], [groupArn('*')]);
  if (isCluster) allow(['DescribeDBParameters'], [arn('pg', '*')]);
  // A default group takes the place of a former group that was deleted since.
  allow([`Modify${thing}`], [serverArn, own, inUse, ...(parameterGroupName ? [groupArn('default.*')] : [])]);
  allow([`Modify${group}Group`, `Reset${group}Group`, `Copy${group}Group`], [own, inUse]);
  allow([`Create${group}Group`], [own]);
  // One that another stack made and left to this one has the name of that stack.
  allow([`Delete${group}Group`], [groupArn('datafold-*')]);
  allow(['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'], [serverArn, own]);
  if (rebootPolicy?._mode === 'if-pending')
    allow(
      ['RebootDBInstance'],
      instancesOf(server._spec).map((name) => arn('db', name)),
    );
}

/** The instances of a server, by name where the app knows them. */
function instancesOf({ kind, identifier, resource }: ServerSpec): string[] {
  if (kind !== 'cluster') return [identifier];
  const named = known(() => (resource as rds.IDatabaseCluster).instanceIdentifiers);
  return named && named.length > 0 ? named : ['*'];
}

/** By the rules for names of parameter groups: a letter first, no double hyphen, no period (RDS user guide). */
function groupName(scope: Construct): string {
  return `datafold-${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`.toLowerCase();
}
