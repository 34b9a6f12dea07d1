import { CfnRule, Fn, type Stack, Token } from 'aws-cdk-lib';
import type { Parameters } from './parameters';

/** Adds the rules that CloudFormation checks before it creates resources, in addition to the patterns of the parameters. */
export function addRules(stack: Stack, parameters: Parameters): void {
  const { VpcId, SubnetIds, AccessKeySecretArn, AccessKeySecretKeyArn } = parameters;
  const { NetworkAccess, AllowedPrincipals } = parameters;
  new CfnRule(stack, 'SubnetsInVpc', {
    assertions: [
      {
        assert: Fn.conditionEachMemberEquals(
          Token.asList(Fn.valueOf(SubnetIds.logicalId, 'VpcId')),
          VpcId.valueAsString,
        ),
        assertDescription: 'SubnetIds must name subnets of the VPC in VpcId',
      },
    ],
  });
  new CfnRule(stack, 'PrincipalsOfPrivateLink', {
    ruleCondition: Fn.conditionEquals(NetworkAccess.valueAsString, 'private-link'),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionEquals(AllowedPrincipals.valueAsString, '')),
        assertDescription: 'AllowedPrincipals must name who may connect where NetworkAccess is private-link',
      },
    ],
  });
  new CfnRule(stack, 'KeyOfSecret', {
    ruleCondition: Fn.conditionNot(Fn.conditionEquals(AccessKeySecretKeyArn.valueAsString, '')),
    assertions: [
      {
        assert: Fn.conditionNot(Fn.conditionEquals(AccessKeySecretArn.valueAsString, '')),
        assertDescription:
          'AccessKeySecretKeyArn must be empty where AccessKeySecretArn is: it is the key of that secret',
      },
    ],
  });
}
