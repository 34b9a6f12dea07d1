import * as cw from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as sm from '@aws-sdk/client-secrets-manager';
import type { Aws } from './aws';

/** The principals, secrets, functions, log groups, servers and networks of an account and region, as sorted lines. */
export async function inventory(aws: Aws): Promise<string[]> {
  const parts = await Promise.all([
    principals(aws),
    secrets(aws),
    functions(aws),
    logGroups(aws),
    databases(aws),
    networks(aws),
  ]);
  return parts.flat().sort();
}

/** The items of all pages. */
async function all<P, T>(pages: AsyncIterable<P>, itemsOf: (page: P) => T[] | undefined): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

async function principals({ cloud, iam: client }: Aws): Promise<string[]> {
  const lines: string[] = [];
  for (const { UserName = '' } of await all(iam.paginateListUsers({ client }, {}), (p) => p.Users)) {
    if (!cloud.isOurs(UserName)) continue;
    const keys = (await client.send(new iam.ListAccessKeysCommand({ UserName }))).AccessKeyMetadata ?? [];
    const groups = (await client.send(new iam.ListGroupsForUserCommand({ UserName }))).Groups ?? [];
    lines.push(`user ${UserName} keys=${keys.length} groups=${sorted(groups.map((g) => g.GroupName))}`);
  }
  for (const { GroupName = '' } of await all(iam.paginateListGroups({ client }, {}), (p) => p.Groups)) {
    const policies = await client.send(new iam.ListAttachedGroupPoliciesCommand({ GroupName }));
    lines.push(
      `group ${GroupName} policies=${sorted((policies.AttachedPolicies ?? []).map((p) => p.PolicyName))}`,
    );
  }
  for (const { RoleName } of await all(iam.paginateListRoles({ client }, {}), (p) => p.Roles))
    lines.push(`role ${RoleName}`);
  return lines.filter((line) => cloud.isOurs(line));
}

const sorted = (names: (string | undefined)[]) => names.sort().join();

async function secrets({ cloud, secrets: client }: Aws): Promise<string[]> {
  const pages = sm.paginateListSecrets({ client }, { IncludePlannedDeletion: true, MaxResults: 100 });
  return (await all(pages, (p) => p.SecretList))
    .filter(({ Name = '', Tags }) => cloud.isOurs(Name, Tags))
    .map((s) => `secret ${s.Name}${s.DeletedDate ? ' (to be deleted)' : ''}`);
}

async function functions({ cloud, lambda: client }: Aws): Promise<string[]> {
  const found = await all(lambda.paginateListFunctions({ client }, {}), (p) => p.Functions);
  return found.map((f) => `function ${f.FunctionName}`).filter((line) => cloud.isOurs(line));
}

/**
 * Without those that are no trace of ours: the log of a database outlives its server; and the emulator logs to
 * /aws/lambda/NAME even where a function has a log group of its own, where AWS makes no such group.
 */
async function logGroups({ cloud, logs: client, rds: rdsClient }: Aws): Promise<string[]> {
  const clusters = await all(rds.paginateDescribeDBClusters({ client: rdsClient }, {}), (p) => p.DBClusters);
  const instances = await all(
    rds.paginateDescribeDBInstances({ client: rdsClient }, {}),
    (p) => p.DBInstances,
  );
  const servers = [
    ...clusters.map((c) => `/aws/rds/cluster/${c.DBClusterIdentifier}/`),
    ...instances.map((d) => `/aws/rds/instance/${d.DBInstanceIdentifier}/`),
  ];
  const ours = (name = '') =>
    cloud.isOurs(name) &&
    (name.startsWith('/aws/rds/')
      ? servers.some((server) => name.startsWith(server))
      : !name.startsWith('/aws/lambda/'));
  return (await all(cw.paginateDescribeLogGroups({ client }, {}), (p) => p.logGroups))
    .filter((g) => ours(g.logGroupName))
    .map(
      (g) =>
        `log group ${g.logGroupName} retention=${g.retentionInDays ?? 'never'} key=${g.kmsKeyId ?? 'none'}`,
    );
}

async function databases({ cloud, rds: client }: Aws): Promise<string[]> {
  const lines: string[] = [];
  for (const c of await all(rds.paginateDescribeDBClusters({ client }, {}), (p) => p.DBClusters)) {
    const members = (c.DBClusterMembers ?? []).map(
      (m) => `${m.DBInstanceIdentifier}:${m.DBClusterParameterGroupStatus}`,
    );
    lines.push(
      `cluster ${c.DBClusterIdentifier} group=${c.DBClusterParameterGroup} exports=${c.EnabledCloudwatchLogsExports?.join() ?? ''} members=${members.sort().join()}`,
    );
  }
  for (const d of await all(rds.paginateDescribeDBInstances({ client }, {}), (p) => p.DBInstances)) {
    const groups = (d.DBParameterGroups ?? []).map(
      (g) => `${g.DBParameterGroupName}:${g.ParameterApplyStatus}`,
    );
    lines.push(
      `instance ${d.DBInstanceIdentifier} groups=${groups.join()} exports=${d.EnabledCloudwatchLogsExports?.join() ?? ''}`,
    );
  }
  const clusterGroups = rds.paginateDescribeDBClusterParameterGroups({ client }, {});
  for (const g of await all(clusterGroups, (p) => p.DBClusterParameterGroups)) {
    const DBClusterParameterGroupName = g.DBClusterParameterGroupName ?? '';
    if (!cloud.isOurs(DBClusterParameterGroupName)) continue;
    const wanted = { DBClusterParameterGroupName, Source: 'user' };
    const set = await all(rds.paginateDescribeDBClusterParameters({ client }, wanted), (p) => p.Parameters);
    lines.push(`cluster group ${DBClusterParameterGroupName} ${parameters(set)}`);
  }
  const instanceGroups = rds.paginateDescribeDBParameterGroups({ client }, {});
  for (const { DBParameterGroupName = '' } of await all(instanceGroups, (p) => p.DBParameterGroups)) {
    if (DBParameterGroupName.startsWith('default.') || !cloud.isOurs(DBParameterGroupName)) continue; // AWS's own
    const wanted = { DBParameterGroupName, Source: 'user' };
    const set = await all(rds.paginateDescribeDBParameters({ client }, wanted), (p) => p.Parameters);
    lines.push(`instance group ${DBParameterGroupName} ${parameters(set)}`);
  }
  return lines.filter((line) => cloud.isOurs(line));
}

function parameters(list: rds.Parameter[]): string {
  return list
    .map((p) => `${p.ParameterName}=${p.ParameterValue}`)
    .sort()
    .join();
}

async function networks({ cloud, ec2: client }: Aws): Promise<string[]> {
  const groups = await all(ec2.paginateDescribeSecurityGroups({ client }, {}), (p) => p.SecurityGroups);
  const ours = groups.filter((g) => cloud.isOurs(g.GroupName ?? '', g.Tags));
  return ours.map((g) => {
    const rules = [...(g.IpPermissions ?? []), ...(g.IpPermissionsEgress ?? [])].map((p) => {
      const peers = [
        ...(p.UserIdGroupPairs ?? []).map((x) => x.GroupId),
        ...(p.IpRanges ?? []).map((x) => x.CidrIp),
      ];
      return `${p.IpProtocol}:${p.FromPort ?? ''}:${peers.sort().join('+')}`;
    });
    return `security group ${g.GroupId} ${g.GroupName} ${rules.sort().join()}`;
  });
}
