import { ArnFormat, type aws_iam as iam, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { LogsUserGroupProperties, LogsUserProperties } from '../wire/resources';

/** The path of the groups that the provisioner creates. */
const PATH = 'datafold/';

/** Returns the problems with the name of an IAM group. */
export function groupNameProblems(groupName: string | undefined): string[] {
  if (groupName === undefined || Token.isUnresolved(groupName) || /^[\w+=,.@-]{1,128}$/.test(groupName))
    return [];
  return [
    `\`groupName\` must be 1 to 128 letters, digits and characters of +=,.@_- (the name, not the ARN), got: ${groupName}`,
  ];
}

/** A user, and the group that it joins. */
interface GroupMember {
  readonly user: iam.User;
  readonly logsUser: LogsUserProperties;
  readonly groupName: string;
  /** The policy that a new group gets. */
  readonly policy: iam.IManagedPolicy;
}

/**
 * Adds the user to a group that may already exist, which CloudFormation cannot express.
 *
 * The provisioner may change groups with the path of this library, and attach one policy to them. It may read a group of this name, and
 * change its members, whatever the path of the group.
 */
export function joinGroup(
  scope: Construct,
  { user, logsUser, groupName, policy }: GroupMember,
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
    [arn(''), arn('*/')], // the ARN of a group that does not exist has no path
  );
  group.allow(['iam:CreateGroup', 'iam:DeleteGroup', 'iam:ListAttachedGroupPolicies'], [arn(PATH)]);
  group.allow(['iam:AttachGroupPolicy', 'iam:DetachGroupPolicy'], [arn(PATH)], {
    ArnEquals: { 'iam:PolicyARN': policy.managedPolicyArn },
  });
  return group;
}
