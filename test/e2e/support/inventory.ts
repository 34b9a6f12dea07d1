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

async function principals({ iam: client }: Aws): Promise<string[]> {
  const lines: string[] = [];
  for (const { UserName } of (await client.send(new iam.ListUsersCommand({}))).Users ?? []) {
    const keys = (await client.send(new iam.ListAccessKeysCommand({ UserName }))).AccessKeyMetadata ?? [];
    const groups = (await client.send(new iam.ListGroupsForUserCommand({ UserName }))).Groups ?? [];
    lines.push(
      `user ${UserName} keys=${keys.length} groups=${groups
        .map((g) => g.GroupName)
        .sort()
        .join()}`,
    );
  }
  for (const { GroupName } of (await client.send(new iam.ListGroupsCommand({}))).Groups ?? []) {
    const policies =
      (await client.send(new iam.ListAttachedGroupPoliciesCommand({ GroupName }))).AttachedPolicies ?? [];
    lines.push(
      `group ${GroupName} policies=${policies
        .map((p) => p.PolicyName)
        .sort()
        .join()}`,
    );
  }
  for (const { RoleName } of (await client.send(new iam.ListRolesCommand({}))).Roles ?? []) {
    lines.push(`role ${RoleName}`);
  }
  return lines;
}

async function secrets({ secrets: client }: Aws): Promise<string[]> {
  const list = await client.send(
    new sm.ListSecretsCommand({ IncludePlannedDeletion: true, MaxResults: 100 }),
  );
  return (list.SecretList ?? []).map((s) => `secret ${s.Name}${s.DeletedDate ? ' (to be deleted)' : ''}`);
}

async function functions({ lambda: client }: Aws): Promise<string[]> {
  return ((await client.send(new lambda.ListFunctionsCommand({}))).Functions ?? []).map(
    (f) => `function ${f.FunctionName}`,
  );
}

/**
 * Without those that are no trace of ours: the log of a database outlives its server; and the emulator logs to
 * /aws/lambda/NAME even where a function has a log group of its own, where AWS makes no such group.
 */
async function logGroups({ logs: client, rds: rdsClient }: Aws): Promise<string[]> {
  const { DBClusters = [] } = await rdsClient.send(new rds.DescribeDBClustersCommand({}));
  const { DBInstances = [] } = await rdsClient.send(new rds.DescribeDBInstancesCommand({}));
  const servers = [
    ...DBClusters.map((c) => `/aws/rds/cluster/${c.DBClusterIdentifier}/`),
    ...DBInstances.map((d) => `/aws/rds/instance/${d.DBInstanceIdentifier}/`),
  ];
  const ours = (name = '') =>
    name.startsWith('/aws/rds/')
      ? servers.some((server) => name.startsWith(server))
      : !name.startsWith('/aws/lambda/');
  const groups = (await client.send(new cw.DescribeLogGroupsCommand({}))).logGroups ?? [];
  return groups
    .filter((g) => ours(g.logGroupName))
    .map(
      (g) =>
        `log group ${g.logGroupName} retention=${g.retentionInDays ?? 'never'} key=${g.kmsKeyId ?? 'none'}`,
    );
}

async function databases({ rds: client }: Aws): Promise<string[]> {
  const lines: string[] = [];
  for (const c of (await client.send(new rds.DescribeDBClustersCommand({}))).DBClusters ?? []) {
    const members = (c.DBClusterMembers ?? []).map(
      (m) => `${m.DBInstanceIdentifier}:${m.DBClusterParameterGroupStatus}`,
    );
    lines.push(
      `cluster ${c.DBClusterIdentifier} group=${c.DBClusterParameterGroup} exports=${c.EnabledCloudwatchLogsExports?.join() ?? ''} members=${members.sort().join()}`,
    );
  }
  for (const d of (await client.send(new rds.DescribeDBInstancesCommand({}))).DBInstances ?? []) {
    const groups = (d.DBParameterGroups ?? []).map(
      (g) => `${g.DBParameterGroupName}:${g.ParameterApplyStatus}`,
    );
    lines.push(
      `instance ${d.DBInstanceIdentifier} groups=${groups.join()} exports=${d.EnabledCloudwatchLogsExports?.join() ?? ''}`,
    );
  }
  for (const g of (await client.send(new rds.DescribeDBClusterParameterGroupsCommand({})))
    .DBClusterParameterGroups ?? []) {
    const DBClusterParameterGroupName = g.DBClusterParameterGroupName;
    const set = await client.send(
      new rds.DescribeDBClusterParametersCommand({ DBClusterParameterGroupName, Source: 'user' }),
    );
    lines.push(`cluster group ${DBClusterParameterGroupName} ${parameters(set.Parameters)}`);
  }
  for (const { DBParameterGroupName } of (await client.send(new rds.DescribeDBParameterGroupsCommand({})))
    .DBParameterGroups ?? []) {
    if (DBParameterGroupName?.startsWith('default.')) continue; // AWS's own
    const set = await client.send(
      new rds.DescribeDBParametersCommand({ DBParameterGroupName, Source: 'user' }),
    );
    lines.push(`instance group ${DBParameterGroupName} ${parameters(set.Parameters)}`);
  }
  return lines;
}

function parameters(list: rds.Parameter[] | undefined): string {
  return (list ?? [])
    .map((p) => `${p.ParameterName}=${p.ParameterValue}`)
    .sort()
    .join();
}

async function networks({ ec2: client }: Aws): Promise<string[]> {
  const groups = (await client.send(new ec2.DescribeSecurityGroupsCommand({}))).SecurityGroups ?? [];
  return groups.map((g) => {
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
