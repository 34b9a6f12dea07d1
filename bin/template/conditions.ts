import { CfnCondition, type CfnParameter, Fn, type ICfnConditionExpression, type Stack } from 'aws-cdk-lib';
import { MAX_DATABASES, type Parameters } from './parameters';

/** The condition that instances are rebooted. */
export const REBOOTS = 'Reboots';

/** Adds the conditions for the optional parts of the template, and returns them with the database names. */
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
    /** One condition per database except the first, which always exists. */
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

/** Returns the names one by one; the list is padded with commas, so missing names are empty. */
function databaseNames({ DatabaseNames }: Parameters): string[] {
  const filledUp = Fn.join('', [DatabaseNames.valueAsString, ','.repeat(MAX_DATABASES - 1)]);
  const list = Fn.split(',', filledUp);
  return Array.from({ length: MAX_DATABASES }, (_, i) => Fn.select(i, list));
}
