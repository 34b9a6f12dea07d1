import {
  Aws,
  type CfnCondition,
  CfnResource,
  Fn,
  type ICfnRuleConditionExpression,
  Token,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Returns the value if the condition is true, else `AWS::NoValue`. */
export function onlyIf(condition: CfnCondition, value: unknown): ICfnRuleConditionExpression {
  return Fn.conditionIf(condition.logicalId, value, Aws.NO_VALUE);
}

/** Returns the value of `onlyIf` as a text. */
export const textOnlyIf = (condition: CfnCondition, value: unknown) =>
  Token.asString(onlyIf(condition, value));

/** Adds the condition to all resources of a construct. */
export function makeOnlyIf(condition: CfnCondition, construct: IConstruct): void {
  resources(construct).forEach(({ cfnOptions }) => (cfnOptions.condition = condition));
}

/** Returns the resource of a type in a construct; throws if it does not exist. */
export function resourceOf(construct: IConstruct, type: string): CfnResource {
  const found = resources(construct).filter(({ cfnResourceType }) => cfnResourceType === type);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} in ${construct.node.path}`);
  return found[0];
}

const resources = (construct: IConstruct) =>
  construct.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
