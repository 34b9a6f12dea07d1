import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SharedParameterGroup } from '../../shared-parameter-group';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { allowLogGroup, logGroupProperties, logGroupRights } from './log-group';
import { allowServer } from './logging-rights';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { StatementLoggingProperties } from '../wire/resources';

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
    rightsTo: [kind, identifier, props.parameterGroupName ?? '*', ...logGroupRights(props)],
    makesTaggable: true,
  });
  allowServer(resource, properties, props);
  allowLogGroup(resource, logGroupName!, props);
  return resource;
}

/** By the rules for names of parameter groups: a letter first, no double hyphen, no period (RDS user guide). */
function groupName(scope: Construct): string {
  return `datafold-${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`.toLowerCase();
}
