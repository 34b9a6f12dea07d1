import type { DBCluster, DBInstance, DBSubnetGroup } from '@aws-sdk/client-rds';
import { unsupportedCluster } from '../../handler/provisioner/aws/rds-clusters';
import { unsupportedInstance } from '../../handler/provisioner/aws/rds-instances';
import { unsupportedReason } from '../../private/server/unsupported';
import { nameOf } from '../../handler/provisioner/aws/rds-ports';
import type { FoundServer } from './server';

const MIN_MAJOR_VERSION = 10;
const POSTGRES_LOG = 'postgresql';

/** The PostgreSQL servers among the clusters and instances of a region, by identifier. Members of clusters are left out. */
export function discover(
  clusters: readonly DBCluster[],
  instances: readonly DBInstance[],
): readonly FoundServer[] {
  const isPostgres = ({ Engine }: { readonly Engine?: string }) =>
    Engine === 'aurora-postgresql' || Engine === 'postgres';
  const servers = [
    ...clusters.filter(isPostgres).map((cluster) => serverOfCluster(cluster, instances)),
    ...instances.filter((one) => isPostgres(one) && !one.DBClusterIdentifier).map(serverOfInstance),
  ];
  return servers.sort((a, b) => (a.identifier < b.identifier ? -1 : a.identifier > b.identifier ? 1 : 0));
}

function serverOfCluster(cluster: DBCluster, instances: readonly DBInstance[]): FoundServer {
  const { DBClusterIdentifier: identifier = '', DBClusterMembers = [] } = cluster;
  const members = instances.filter((one) => one.DBClusterIdentifier === identifier);
  const writerName = DBClusterMembers.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  const writer = members.find((one) => one.DBInstanceIdentifier === writerName) ?? members[0];
  const name = { kind: 'cluster', identifier } as const;
  const reason = unsupportedCluster(cluster);
  return {
    ...name,
    ...placeOf(cluster.DBClusterArn),
    ...common(cluster, cluster.Engine === 'postgres' ? 'PostgreSQL' : 'Aurora PostgreSQL'),
    subnetGroup: cluster.DBSubnetGroup,
    ...networkOf(writer?.DBSubnetGroup),
    status: cluster.Status ?? '',
    unsupported: reason ? unsupportedReason(reason, `The ${nameOf(name)}`) : tooOld(name, cluster),
    parameterGroup: cluster.DBClusterParameterGroup ?? '',
    isPublic: members.length === 0 ? undefined : members.some((one) => one.PubliclyAccessible),
    databaseName: cluster.DatabaseName,
    port: cluster.Port ?? 5432,
  };
}

function serverOfInstance(instance: DBInstance): FoundServer {
  const { DBInstanceIdentifier: identifier = '' } = instance;
  const name = { kind: 'instance', identifier } as const;
  const reason = unsupportedInstance(instance);
  return {
    ...name,
    ...placeOf(instance.DBInstanceArn),
    ...common(instance, 'PostgreSQL'),
    subnetGroup: instance.DBSubnetGroup?.DBSubnetGroupName,
    ...networkOf(instance.DBSubnetGroup),
    status: instance.DBInstanceStatus ?? '',
    unsupported: reason ? unsupportedReason(reason, `The ${nameOf(name)}`) : tooOld(name, instance),
    parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? '',
    isPublic: instance.PubliclyAccessible ?? false,
    databaseName: instance.DBName,
    port: instance.Endpoint?.Port ?? 5432,
  };
}

/** What RDS describes the same way for clusters and instances. */
function common(
  server: Pick<
    DBCluster & DBInstance,
    'EngineVersion' | 'EnabledCloudwatchLogsExports' | 'MasterUserSecret' | 'VpcSecurityGroups'
  >,
  engine: string,
) {
  const { SecretArn: arn, KmsKeyId = '' } = server.MasterUserSecret ?? {};
  return {
    engine: `${engine} ${server.EngineVersion ?? ''}`.trim(),
    exportsLog: server.EnabledCloudwatchLogsExports?.includes(POSTGRES_LOG) ?? false,
    adminSecret: arn ? { arn, keyArn: isKeyArn(KmsKeyId) ? KmsKeyId : undefined } : undefined,
    securityGroups: (server.VpcSecurityGroups ?? []).map((one) => one.VpcSecurityGroupId ?? ''),
  };
}

/** True for the ARN of a KMS key, not for an alias. */
export const isKeyArn = (text: string) => /^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(text);

function tooOld(
  name: Pick<FoundServer, 'kind' | 'identifier'>,
  { EngineVersion = '' }: { readonly EngineVersion?: string },
): string | undefined {
  const major = Number.parseInt(EngineVersion, 10);
  if (!(major < MIN_MAJOR_VERSION)) return undefined;
  return `The ${nameOf(name)} runs PostgreSQL ${EngineVersion}. Versions from ${MIN_MAJOR_VERSION} on are supported: upgrade it`;
}

/** Partition, region and account in an ARN. */
function placeOf(arn = '') {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** The VPC and the subnets of a subnet group, by Availability Zone. */
export function networkOf(group: DBSubnetGroup | undefined): Pick<FoundServer, 'vpcId' | 'subnets'> {
  const subnets = (group?.Subnets ?? []).map((subnet) => ({
    id: subnet.SubnetIdentifier ?? '',
    zone: subnet.SubnetAvailabilityZone?.Name ?? '',
  }));
  return { vpcId: group?.VpcId, subnets: subnets.sort((a, b) => (a.zone + a.id < b.zone + b.id ? -1 : 1)) };
}
