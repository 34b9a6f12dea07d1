import {
  GetGroupCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { DescribeDBLogFilesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { allPages, call } from '../../handler/provisioner/aws/call';
import { noneIf } from '../../handler/provisioner/aws/failure';
import type { Caller, LogFile, PlanPorts, SimulatedAction } from '../plan/ports';

/** IAM groups. Named imports, as in `connections.ts`. */
export const iamGroups: PlanPorts['iamGroups'] = {
  async findGroup(GroupName) {
    const found = await call('iam:GetGroup', `group ${GroupName}`, () =>
      new IAMClient({}).send(new GetGroupCommand({ GroupName })),
    ).catch(noneIf('NoSuchEntity'));
    return (
      found && {
        path: found.Group?.Path ?? '/',
        userNames: (found.Users ?? []).map(({ UserName = '' }) => UserName),
        hasMore: found.IsTruncated ?? false,
      }
    );
  },
  async listAttachedGroupPolicies(GroupName) {
    const { AttachedPolicies = [] } = await call('iam:ListAttachedGroupPolicies', `group ${GroupName}`, () =>
      new IAMClient({}).send(new ListAttachedGroupPoliciesCommand({ GroupName })),
    );
    return AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn);
  },
};

/** Who calls AWS. The ARN of a session of a role does not have the path of the role, which IAM knows. */
export async function caller(): Promise<Caller> {
  const { Account: account = '', Arn: arn = '' } = await call('sts:GetCallerIdentity', 'the caller', () =>
    new STSClient({}).send(new GetCallerIdentityCommand({})),
  );
  if (/:user\//.test(arn)) return { account, arn, principalArn: arn };
  const [, roleName] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const role = roleName === undefined ? undefined : await findRole(roleName);
  return { account, arn, ...(role?.Arn !== undefined && { principalArn: role.Arn }) };
}

/** Whether the account has an IAM role of this name. */
export async function roleExists(roleName: string): Promise<boolean> {
  return (await findRole(roleName)) !== undefined;
}

async function findRole(RoleName: string) {
  const found = await call('iam:GetRole', `role ${RoleName}`, () =>
    new IAMClient({}).send(new GetRoleCommand({ RoleName })),
  ).catch(noneIf('NoSuchEntity'));
  return found?.Role;
}

/** Asks IAM whether the policies of a principal allow actions. */
export async function simulate(
  PolicySourceArn: string,
  actions: readonly string[],
  resource?: string,
): Promise<readonly SimulatedAction[]> {
  const all = await allPages(async (Marker) => {
    const input = {
      PolicySourceArn,
      ActionNames: [...actions],
      Marker,
      ...(resource && { ResourceArns: [resource] }),
    };
    const page = await call('iam:SimulatePrincipalPolicy', PolicySourceArn, () =>
      new IAMClient({}).send(new SimulatePrincipalPolicyCommand(input)),
    );
    return { items: page.EvaluationResults, marker: page.IsTruncated ? page.Marker : undefined };
  });
  return all.map(({ EvalActionName: action = '', EvalDecision }) => ({
    action,
    isAllowed: EvalDecision === 'allowed',
    isDenied: EvalDecision === 'explicitDeny',
  }));
}

/** The PostgreSQL log files of an instance; others, such as those of an upgrade, are left out. */
export async function logFiles(instance: string): Promise<readonly LogFile[]> {
  const all = await allPages(async (Marker) => {
    const input = { DBInstanceIdentifier: instance, FilenameContains: 'postgresql.log', Marker };
    const page = await call('rds:DescribeDBLogFiles', `instance ${instance}`, () =>
      new RDSClient({}).send(new DescribeDBLogFilesCommand(input)),
    );
    return { items: page.DescribeDBLogFiles, marker: page.Marker };
  });
  return all.map(({ Size: bytes = 0, LastWritten: writtenAt = 0 }) => ({ bytes, writtenAt }));
}
