import type { Construct } from 'constructs';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { databaseProblems, roleProblems } from '../access/name-rules';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { serverDependencies, serverProperties } from '../server/server-properties';
import { allowLookup } from '../server/server-lookup';
import { SqlRunner } from '../functions/sql-runner';
import type { LogExclusionsProperties } from '../wire/resources';
import { EXCLUSION_SETTINGS, toWire } from '../wire/settings';

/** Returns all problems with `excludedRoles` and `excludedDatabases`, which require a login as the administrator. */
export function exclusionProblems(props: StatementLoggingProps): string[] {
  if (!hasExclusions(props)) return [];
  const { server, excludedRoles = [], excludedDatabases = [] } = props;
  return [
    ...server._spec.problems,
    ...excludedRoles.flatMap((role) => roleProblems('excludedRoles', role)),
    ...excludedDatabases.flatMap((database) => databaseProblems('excludedDatabases', database)),
  ];
}

/** Adds the custom resource for `excludedRoles` and `excludedDatabases`, if any are given. */
export function excludeFromLog(scope: Construct, props: StatementLoggingProps): void {
  if (!hasExclusions(props)) return;
  const { _spec: spec } = props.server;
  const adminSecret = spec.adminSecret!; // `exclusionProblems` rejects a missing one
  const runner = SqlRunner.for(scope, spec, props);
  runner.pin({ server: spec, adminSecretArn: adminSecret.secretArn });
  const properties: LogExclusionsProperties = {
    sqlRunner: runner.function.functionName,
    server: serverProperties(spec),
    adminSecretArn: adminSecret.secretArn,
    ...toWire(EXCLUSION_SETTINGS, { ...props, maintenanceDatabase: spec.maintenanceDatabase }),
  };
  const resource = new ProvisionedResource(scope, 'Exclusions', {
    resourceType: 'Custom::DatafoldLogExclusions',
    properties,
    options: props,
    movesWithNetwork: true,
    sharesRights: true,
    rightsTo: [spec.identifier, runner.function.functionArn, adminSecret.secretArn],
  });
  resource.allow(['lambda:InvokeFunction'], [runner.function.functionArn]);
  allowLookup(resource, spec);
  resource.allowSecret(adminSecret, 'read');
  resource.resource.node.addDependency(runner, ...serverDependencies(spec));
}

function hasExclusions({ excludedRoles = [], excludedDatabases = [] }: StatementLoggingProps): boolean {
  return excludedRoles.length + excludedDatabases.length > 0;
}
