import { AwsFailure, isAws } from '../../handler/provisioner/aws/failure';
import { inspectAllowlist, type AllowlistPorts } from '../../handler/provisioner/allowlist/inspect';
import type { ServerName } from '../../handler/provisioner/aws/rds-ports';
import { OWN_PATH } from '../../handler/provisioner/logs-user-group/lifecycle';
import { DATAFOLD_ADDRESSES, LOGS_GROUP_NAME, LOGS_GROUP_POLICY } from '../../private/datafold';
import { isSessionOver } from '../aws/session';
import type { Findings } from './finding';
import type { PlanPorts } from './ports';
import { documentation } from '../../private/references';

/** Reports what becomes of the IAM group of the user that reads the log. */
export async function planIamGroup(findings: Findings, { iamGroups }: PlanPorts): Promise<void> {
  await attempt(findings, 'iam_group', 'iam:GetGroup and iam:ListAttachedGroupPolicies', async () => {
    const group = await iamGroups.findGroup(LOGS_GROUP_NAME);
    if (!group)
      return findings.change(
        'iam_group',
        `The IAM group ${LOGS_GROUP_NAME} is created with the AWS managed policy ${LOGS_GROUP_POLICY}. A new user with one access key joins it; a policy of the user denies all other log groups.`,
      );
    const policies = await iamGroups.listAttachedGroupPolicies(LOGS_GROUP_NAME);
    const users = `${group.userNames.length}${group.hasMore ? ' or more' : ''} ${group.userNames.length === 1 ? 'user' : 'users'}`;
    const has = policies.some((arn) => arn.endsWith(`/${LOGS_GROUP_POLICY}`));
    const owner =
      group.path === OWN_PATH ? 'made by this library' : 'not made by this library, so it is not changed';
    findings.ready(
      'iam_group',
      `The IAM group ${LOGS_GROUP_NAME} exists with ${users} (${owner})${has || group.path === OWN_PATH ? '' : `. It lacks ${LOGS_GROUP_POLICY}, which a policy of the user makes up for`}. A new user with one access key joins it.`,
    );
  });
}

/** Reports which network path Datafold needs. */
export async function planNetwork(
  findings: Findings,
  ports: PlanPorts,
  rds: ServerName,
  isPublic: boolean | undefined,
): Promise<void> {
  if (isPublic === undefined)
    return findings.warn(
      'network',
      'The cluster has no instance yet, so it is not known whether it is publicly accessible.',
    );
  if (!isPublic)
    return findings.warn(
      'network',
      'The server is private: Datafold needs a network path.',
      `Set networkAccess to DatafoldNetworkAccess.privateLink, or to DatafoldNetworkAccess.existing() if there is peering, a VPN or a tunnel (${documentation('network')}).`,
    );
  await attempt(findings, 'network', 'ec2:DescribeRouteTables and ec2:DescribeSecurityGroups', async () => {
    const { rds: servers } = ports;
    const calls: AllowlistPorts = { ...ports, networkOf: servers.networkOf, findServer: servers.find };
    const allowed = { rds, addresses: DATAFOLD_ADDRESSES };
    const ask = async <T>(_: string, question: () => Promise<T>) => question();
    const everything = [{ fromPort: 0, toPort: 65_535, ranges: ['0.0.0.0/0'], prefixListIds: [] }];
    const routed = await inspectAllowlist({ ...calls, ingressOf: async () => everything }, allowed, ask);
    if (routed.state !== 'ok') return findings.warn('network', routed.message, withoutDeploying(routed.next));
    const status = await inspectAllowlist(calls, allowed, ask);
    if (status.state === 'ok')
      return findings.ready('network', `${status.message} These are the addresses of app.datafold.com.`);
    findings.change(
      'network',
      'The server is publicly accessible. With networkAccess set to DatafoldNetworkAccess.allowlist(), its security groups let the addresses of app.datafold.com in; today they do not.',
    );
  });
}

const withoutDeploying = (next?: string) => next?.replace(', then deploy again', '');

/** Reads something that the user may not be allowed to read: then it says so. */
export async function attempt(
  findings: Findings,
  topic: 'iam_group' | 'network' | 'rights' | 'volume',
  actions: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isSessionOver(error)) throw error;
    const isDenied = /AccessDenied|UnauthorizedOperation/.test(
      `${(error as AwsFailure).code} ${plainMessage(error)}`,
    );
    findings.warn(
      topic,
      `Not known: ${isAws(error, 'AccessDenied') ? `${error.action} on ${error.resource} is denied` : plainMessage(error)}.`,
      isDenied ? `Allow ${actions} for your AWS credentials, then run plan again.` : 'Run plan again later.',
    );
  }
}

/** The provisioner's advice is about its own role. */
function plainMessage(error: unknown): string {
  if (error instanceof AwsFailure) return `${error.action} on ${error.resource} failed with ${error.code}`;
  return (error as Error).message.replace(/\.$/, '');
}
