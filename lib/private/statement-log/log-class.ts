import { CfnResource, Stack, Token, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { identityOf, userPath } from '../identity';
import type { ServerSpec } from '../server/server-spec';
import { isOtherRegion, namesOfLog } from './log-group-identity';

const STANDARD = 'STANDARD';

/** Rejects, at the end of synthesis, a log group of this app for the statement log whose log class Datafold cannot read. */
export function validateLogClass(scope: Construct, server: ServerSpec): void {
  scope.node.addValidation({ validate: () => logClassProblems(scope, server) });
}

function logClassProblems(scope: Construct, server: ServerSpec): string[] {
  const names = namesOfLog(server).map((name) => identityOf(scope, name));
  return scope.node.root.node
    .findAll()
    .filter(isLogGroup)
    .filter(({ logGroupName: name }) => name !== undefined && names.includes(identityOf(scope, name)))
    .filter((group) => !isOtherRegion(Stack.of(group).region, Stack.of(scope).region))
    .flatMap((group) => {
      const { logGroupClass = STANDARD } = group;
      if (Token.isUnresolved(logGroupClass) || logGroupClass === STANDARD) return [];
      return [
        `Datafold can't read the log group ${userPath(group)}: its class is ${logGroupClass}, and FilterLogEvents works in the class STANDARD only. Leave \`logGroupClass\` out there. CloudFormation makes the group anew for that: export what you still need of it before`,
      ];
    });
}

function isLogGroup(child: IConstruct): child is logs.CfnLogGroup {
  return CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::Logs::LogGroup';
}
