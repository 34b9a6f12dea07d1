import {
  Aws,
  type CfnCondition,
  CfnResource,
  Fn,
  type ICfnRuleConditionExpression,
  Token,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The value, or nothing where the condition does not hold. */
export function onlyIf(condition: CfnCondition, value: unknown): ICfnRuleConditionExpression {
  return Fn.conditionIf(condition.logicalId, value, Aws.NO_VALUE);
}

/** The same where the CDK wants text. */
export const textOnlyIf = (condition: CfnCondition, value: unknown) =>
  Token.asString(onlyIf(condition, value));

/** Makes all resources of a construct only where the condition holds. */
export function makeOnlyIf(condition: CfnCondition, construct: IConstruct): void {
  resources(construct).forEach(({ cfnOptions }) => (cfnOptions.condition = condition));
}

/** The resource of a type under a construct; there must be one. */
export function resourceOf(construct: IConstruct, type: string): CfnResource {
  const found = resources(construct).filter(({ cfnResourceType }) => cfnResourceType === type);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} in ${construct.node.path}`);
  return found[0];
}

const resources = (construct: IConstruct) =>
  construct.node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
