import { App, aws_iam as iam, aws_kms as kms, BootstraplessSynthesizer, Fn, Stack, Token } from 'aws-cdk-lib';
import {
  DatafoldPostgres,
  HandlerCode,
  RebootPolicy,
  type SharedParameterGroup,
  StatementLog,
} from '../../lib';
import { LOGGING_SETTINGS } from '../../lib/private/wire/settings';
import { addConditions } from './conditions';
import { addNetworkPaths } from './network';
import { makeOnlyIf, onlyIf, resourceOf, textOnlyIf } from './optional';
import { addOutputs } from './outputs';
import { addParameters } from './parameters';
import { logsUserOf } from './logs-user';
import { addRules } from './rules';
import { server } from './server';

export type Kind = 'cluster' | 'instance';

/** Creates the stack of the template: the construct of this library, with parameters as values. */
export function templateStack(kind: Kind, outdir: string): Stack {
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: { '@aws-cdk/aws-iam:minimizePolicies': true },
  });
  const stack = new Stack(app, 'Datafold', {
    synthesizer: new BootstraplessSynthesizer(),
    description: `Sets up what Datafold needs to read ${kind === 'cluster' ? 'an Aurora PostgreSQL cluster' : 'an RDS for PostgreSQL instance'} and to draw its column-level lineage: a role, the statement log, a logs user of it, and a secret with the data source of each database.`,
  });
  stack.templateOptions.templateFormatVersion = '2010-09-09';
  const parameters = addParameters(stack, kind);
  const conditions = addConditions(stack, parameters);
  addRules(stack, parameters);

  const { SecretsKeyArn, Schemas, RoleName, TempSchema } = parameters;
  const keyArn = textOnlyIf(conditions.hasSecretsKey, SecretsKeyArn.valueAsString);
  const encryptionKey = kms.Key.fromKeyArn(stack, 'SecretsKey', keyArn);
  const functions = { code: HandlerCode.inline(), revision: parameters.Revision.valueAsString };
  const common = { encryptionKey, functions };
  const { logsUser, own } = logsUserOf(stack, parameters, conditions, common);
  const schemas = Token.asList(onlyIf(conditions.hasSchemas, Fn.split(',', Schemas.valueAsString)));
  const postgres = server(stack, kind, parameters, conditions);
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    ...common,
    logsUser,
    server: postgres,
    databases: conditions.databases.map(({ databaseName }) => ({ databaseName, schemas })),
    roleName: RoleName.valueAsString,
    tempSchema: TempSchema.valueAsString,
    statementLog: StatementLog.managed({
      // Adds the permissions for reboots; the parameter decides whether they are granted and used.
      rebootPolicy: RebootPolicy.IF_PENDING,
      sharedParameterGroup: parameters.SharedParameterGroup.valueAsString as SharedParameterGroup,
    }),
  });

  // The number of databases is only known at launch, and the props do not accept a token here.
  resourceOf(datafold.access, 'Custom::DatafoldDatabaseAccess').addPropertyOverride(
    'databases',
    conditions.databases.map(({ databaseName, condition }) => {
      const grants = { databaseName, schemas };
      return condition ? onlyIf(condition, grants) : grants;
    }),
  );
  const accessKeyRef = onlyIf(conditions.makesLogsUser, resourceOf(own, 'Custom::DatafoldAccessKey').ref);
  datafold.dataSources.forEach((dataSource, i) => {
    // Replaces DependsOn, which must not name a resource that may not exist.
    resourceOf(dataSource, 'Custom::DatafoldDataSource').addPropertyOverride('accessKey', accessKeyRef);
    const { condition } = conditions.databases[i];
    if (condition) makeOnlyIf(condition, dataSource);
  });
  const logging = resourceOf(datafold.statementLogging!, 'Custom::DatafoldStatementLogging');
  const rebootPolicy: keyof typeof LOGGING_SETTINGS = 'rebootPolicy';
  logging.addPropertyOverride(rebootPolicy, parameters.RebootPolicy.valueAsString);
  const boundaryArn = textOnlyIf(
    conditions.hasPermissionsBoundary,
    parameters.PermissionsBoundaryArn.valueAsString,
  );
  const boundary = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'PermissionsBoundary', boundaryArn);
  iam.PermissionsBoundary.of(stack).apply(boundary);
  const paths = addNetworkPaths(stack, postgres, parameters, conditions, datafold, { functions });
  addOutputs(stack, datafold, own, paths, conditions);
  return stack;
}
