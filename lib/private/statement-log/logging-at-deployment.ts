import { type aws_rds as rds, Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { allowLogGroup, logGroupProperties, logGroupRights } from './log-group';
import { allowServer } from './logging-rights';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { StatementLoggingProperties } from '../wire/resources';
import { LOGGING_SETTINGS, toWire } from '../wire/settings';

/** Turns on the statement log of an imported server, at deployment through the RDS API. */
export function logAtDeployment(scope: Construct, props: StatementLoggingProps): ProvisionedResource {
  const { identifier, logGroupName } = props.server._spec;
  const kind = props.server._spec.kind!; // `loggingProblems` rejects an endpoint
  const newGroupName = groupName(scope);
  const parameterGroupName = nameOfGroup(kind, props.parameterGroup);
  const properties: StatementLoggingProperties = {
    kind,
    identifier,
    newGroupName,
    ...toWire(LOGGING_SETTINGS, props),
    ...logGroupProperties(scope, props),
  };
  const resource = new ProvisionedResource(scope, 'Server', {
    resourceType: 'Custom::DatafoldStatementLogging',
    properties,
    options: props,
    rightsTo: [kind, identifier, parameterGroupName ?? '*', ...logGroupRights(props)],
    makesTaggable: true,
  });
  allowServer(resource, properties, { ...props, parameterGroupName });
  allowLogGroup(resource, logGroupName!, props);
  return resource;
}

/** Returns the name of the parameter group, for the kind of the server: referring to it creates a group of this app. */
function nameOfGroup(
  kind: 'cluster' | 'instance',
  group: rds.IParameterGroup | undefined,
): string | undefined {
  if (!group) return undefined;
  return kind === 'cluster'
    ? group.bindToCluster({}).parameterGroupName
    : group.bindToInstance({}).parameterGroupName;
}

/** Returns a valid name for a parameter group: starts with a letter, no double hyphen, no period (RDS user guide). */
function groupName(scope: Construct): string {
  return `datafold-${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`.toLowerCase();
}
