import { CfnCondition, type CfnParameter, Fn, type ICfnConditionExpression, type Stack } from 'aws-cdk-lib';
import { MAX_DATABASES, type Parameters } from './parameters';

/** Holds where instances are rebooted. */
export const REBOOTS = 'Reboots';

/** What is optional in the template, and the database names that there may be. */
export function addConditions(stack: Stack, parameters: Parameters) {
  const condition = (id: string, expression: ICfnConditionExpression) =>
    new CfnCondition(stack, id, { expression });
  const empty = ({ valueAsString }: CfnParameter) => Fn.conditionEquals(valueAsString, '');
  const given = (parameter: CfnParameter) => Fn.conditionNot(empty(parameter));

  const makesLogsUser = condition('MakesLogsUser', empty(parameters.AccessKeySecretArn));
  const names = databaseNames(parameters);
  return {
    hasAdminSecretKey: condition('HasAdminSecretKey', given(parameters.AdminSecretKeyArn)),
    hasAccessKeySecretKey: condition('HasAccessKeySecretKey', given(parameters.AccessKeySecretKeyArn)),
    hasSecretsKey: condition('HasSecretsKey', given(parameters.SecretsKeyArn)),
    hasPermissionsBoundary: condition('HasPermissionsBoundary', given(parameters.PermissionsBoundaryArn)),
    hasSchemas: condition('HasSchemas', given(parameters.Schemas)),
    makesLogsUser,
    reboots: condition(REBOOTS, Fn.conditionEquals(parameters.RebootPolicy.valueAsString, 'if-pending')),
    /** One per database but the first, which is always there. */
    databases: names.map((databaseName, i) => ({
      databaseName,
      condition:
        i === 0
          ? undefined
          : condition(`HasDatabase${i + 1}`, Fn.conditionNot(Fn.conditionEquals(databaseName, ''))),
    })),
  };
}

export type Conditions = ReturnType<typeof addConditions>;

/** The names one by one; those that are not there are empty, since the list is filled up with commas. */
function databaseNames({ DatabaseNames }: Parameters): string[] {
  const filledUp = Fn.join('', [DatabaseNames.valueAsString, ','.repeat(MAX_DATABASES - 1)]);
  const list = Fn.split(',', filledUp);
  return Array.from({ length: MAX_DATABASES }, (_, i) => Fn.select(i, list));
}
