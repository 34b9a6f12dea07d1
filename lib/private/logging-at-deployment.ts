import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HandlerCode } from '../handler-code';
import { SharedParameterGroup } from '../shared-parameter-group';
import type { StatementLoggingProps } from '../statement-logging-props';
import { allowLogGroup, logGroupProperties } from './log-group';
import { ProvisionedResource } from './provisioned-resource';
import type { StatementLoggingProperties } from './wire/resources';

/** Statement logging of a server that this app does not define: changed through the API of RDS. */
export function logAtDeployment(scope: Construct, props: StatementLoggingProps): ProvisionedResource {
  const { identifier, type, logGroupName } = props.server._spec;
  const kind = type === 'postgres_aurora' ? 'cluster' : 'instance';
  const newGroupName = groupName(scope);
  const properties: StatementLoggingProperties = {
    kind,
    identifier,
    newGroupName,
    sharedParameterGroup: props.sharedParameterGroup ?? SharedParameterGroup.REFUSE,
    reboot: props.rebootPolicy?._mode ?? 'never',
    logBindValues: props.logBindValues === false ? 'false' : 'true',
    ...logGroupProperties(props),
  };
  const resource = new ProvisionedResource(scope, 'Server', {
    resourceType: 'Custom::DatafoldStatementLogging',
    properties,
    code: props.handlerCode ?? HandlerCode.asset(),
  });
  allowServer(resource, kind, identifier);
  allowLogGroup(resource, logGroupName!);
  return resource;
}

/** This server and the groups; the name of the group in use is known at deployment only. */
function allowServer(resource: ProvisionedResource, kind: 'cluster' | 'instance', identifier: string): void {
  const arn = (type: string, name: string) =>
    Stack.of(resource).formatArn({
      service: 'rds',
      resource: type,
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const thing = kind === 'cluster' ? 'DBCluster' : 'DBInstance';
  const group = kind === 'cluster' ? 'DBClusterParameter' : 'DBParameter';
  const groupArn = arn(kind === 'cluster' ? 'cluster-pg' : 'pg', '*');
  const serverArn = arn(kind === 'cluster' ? 'cluster' : 'db', identifier);
  resource.allow(
    ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
    [arn('cluster', '*'), arn('db', '*')],
  );
  resource.allow(
    [`rds:Modify${thing}`, 'rds:AddTagsToResource', 'rds:RemoveTagsFromResource'],
    [serverArn, groupArn],
  );
  resource.allow(['rds:ListTagsForResource'], [serverArn, groupArn]);
  resource.allow(
    [
      `rds:Describe${group}Groups`,
      `rds:Describe${group}s`,
      ...['Create', 'Modify', 'Copy', 'Delete'].map((verb) => `rds:${verb}${group}Group`),
      `rds:Reset${group}Group`,
    ],
    [groupArn],
  );
  resource.allow(['rds:RebootDBInstance'], [arn('db', '*')]);
}

/** By the rules for names of parameter groups: a letter first, no double hyphen, no period (RDS user guide). */
function groupName(scope: Construct): string {
  return `datafold-${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`.toLowerCase();
}
