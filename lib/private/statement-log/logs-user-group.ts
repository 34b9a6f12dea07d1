import { ArnFormat, type aws_iam as iam, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { LogsUserGroupProperties, LogsUserProperties } from '../wire/resources';

/** The name of the group in Datafold's guide. */
export const GROUP_NAME = 'CloudWatchLogsReadOnly';
/** Marks the groups that the provisioner makes. */
const PATH = 'datafold/';

/** What is wrong with the name of a group. */
export function groupNameProblems(groupName: string | undefined): string[] {
  if (groupName === undefined || Token.isUnresolved(groupName) || /^[\w+=,.@-]{1,128}$/.test(groupName))
    return [];
  return [
    `\`groupName\` must be 1 to 128 letters, digits and characters of +=,.@_- (the name, not the ARN), got: ${groupName}`,
  ];
}

/**
 * The membership of a user in a group that may exist already, which CloudFormation can't express.
 *
 * The provisioner may change a group with the path of this library and attach one policy to it. Whatever its path, it may look at a group of this name and
 * say who is in it.
 */
export function joinGroup(
  scope: Construct,
  user: iam.User,
  logsUser: LogsUserProperties,
  groupName: string,
  policy: iam.IManagedPolicy,
  options: FunctionProps,
): ProvisionedResource {
  const properties: LogsUserGroupProperties = {
    ...logsUser,
    groupName,
    policyArn: policy.managedPolicyArn,
  };
  const group = new ProvisionedResource(scope, 'Membership', {
    resourceType: 'Custom::DatafoldLogsUserGroup',
    properties,
    options,
    rightsTo: [groupName],
  });
  const arn = (path: string) =>
    Stack.of(scope).formatArn({
      service: 'iam',
      region: '',
      resource: 'group',
      resourceName: `${path}${groupName}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  group.allow(['iam:ListAttachedUserPolicies'], [user.userArn]);
  group.allow(
    ['iam:GetGroup', 'iam:AddUserToGroup', 'iam:RemoveUserFromGroup'],
    [arn(''), arn('*/')], // that of a group which does not exist has no path
  );
  group.allow(['iam:CreateGroup', 'iam:DeleteGroup', 'iam:ListAttachedGroupPolicies'], [arn(PATH)]);
  group.allow(['iam:AttachGroupPolicy', 'iam:DetachGroupPolicy'], [arn(PATH)], {
    ArnEquals: { 'iam:PolicyARN': policy.managedPolicyArn },
  });
  return group;
}
