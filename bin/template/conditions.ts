import { CfnCondition, type CfnParameter, Fn, type ICfnConditionExpression, type Stack } from 'aws-cdk-lib';
import { MAX_ADDRESSES, MAX_CLIENT_CIDRS, MAX_DATABASES, type Parameters } from './parameters';

/** The condition that instances are rebooted. */
export const REBOOTS = 'Reboots';
/** The conditions of the network paths. */
export const PRIVATE_LINK = 'HasPrivateLink';
export const ALLOWLIST = 'HasAllowlist';

/** Adds the conditions for the optional parts of the template, and returns them with the database names. */
export function addConditions(stack: Stack, parameters: Parameters) {
  const condition = (id: string, expression: ICfnConditionExpression) =>
    new CfnCondition(stack, id, { expression });
  const empty = ({ valueAsString }: CfnParameter) => Fn.conditionEquals(valueAsString, '');
  const given = (parameter: CfnParameter) => Fn.conditionNot(empty(parameter));

  const makesLogsUser = condition('MakesLogsUser', empty(parameters.AccessKeySecretArn));
  const names = itemsOf(parameters.DatabaseNames, MAX_DATABASES);
  const kindOfPath = parameters.NetworkAccess.valueAsString;
  const hasPrivateLink = condition(PRIVATE_LINK, Fn.conditionEquals(kindOfPath, 'private-link'));
  const hasAllowlist = condition(ALLOWLIST, Fn.conditionEquals(kindOfPath, 'allowlist'));
  const items = (of: CfnCondition, id: string, parameter: CfnParameter, max: number) =>
    itemsOf(parameter, max).map((item, i) => ({
      item,
      condition: condition(
        `${id}${i + 1}`,
        Fn.conditionAnd(of, Fn.conditionNot(Fn.conditionEquals(item, ''))),
      ),
    }));
  return {
    hasAdminSecretKey: condition('HasAdminSecretKey', given(parameters.AdminSecretKeyArn)),
    hasAccessKeySecretKey: condition('HasAccessKeySecretKey', given(parameters.AccessKeySecretKeyArn)),
    hasSecretsKey: condition('HasSecretsKey', given(parameters.SecretsKeyArn)),
    hasPermissionsBoundary: condition('HasPermissionsBoundary', given(parameters.PermissionsBoundaryArn)),
    hasSchemas: condition('HasSchemas', given(parameters.Schemas)),
    makesLogsUser,
    reboots: condition(REBOOTS, Fn.conditionEquals(parameters.RebootPolicy.valueAsString, 'if-pending')),
    hasPrivateLink,
    hasAllowlist,
    clientCidrs: items(hasPrivateLink, 'HasClientCidr', parameters.ClientCidrs, MAX_CLIENT_CIDRS),
    addresses: items(hasAllowlist, 'HasAddress', parameters.DatafoldAddresses, MAX_ADDRESSES),
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

/** Returns the items of a list one by one; the list is padded with commas, so missing items are empty. */
function itemsOf({ valueAsString }: CfnParameter, max: number): string[] {
  const filledUp = Fn.join('', [valueAsString, ','.repeat(max - 1)]);
  const list = Fn.split(',', filledUp);
  return Array.from({ length: max }, (_, i) => Fn.select(i, list));
}
