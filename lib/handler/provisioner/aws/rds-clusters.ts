import type { DBCluster } from '@aws-sdk/client-rds';
import type { UnsupportedServer } from '../../../private/server/unsupported';
import { allPages } from './call';
import { exportsFor, tagsFrom, type KindCalls, type SendToRds } from './rds-kind';
import type { ServerState } from './rds-ports';

/** The calls for clusters and their parameter groups. */
export function clusterCalls(send: SendToRds): KindCalls {
  const group = (name: string) => `cluster parameter group ${name}`;
  return {
    async servers(identifier) {
      const what = identifier === undefined ? 'all clusters' : `cluster ${identifier}`;
      return allPages(async (Marker) => {
        const input = { DBClusterIdentifier: identifier, Marker };
        const page = await send('DescribeDBClusters', what, input);
        return { items: page.DBClusters?.map(stateOf), marker: page.Marker };
      });
    },
    async group(name) {
      const input = { DBClusterParameterGroupName: name };
      const found = await send('DescribeDBClusterParameterGroups', group(name), input);
      return (found.DBClusterParameterGroups ?? []).map((one) => ({
        arn: one.DBClusterParameterGroupArn ?? '',
        family: one.DBParameterGroupFamily ?? '',
      }));
    },
    async parameters(name) {
      return allPages(async (Marker) => {
        const input = { DBClusterParameterGroupName: name, Marker };
        const page = await send('DescribeDBClusterParameters', group(name), input);
        return { items: page.Parameters, marker: page.Marker };
      });
    },
    async createGroup(name, family, Description, Tags) {
      const input = { DBClusterParameterGroupName: name, DBParameterGroupFamily: family, Description, Tags };
      await send('CreateDBClusterParameterGroup', group(name), input);
    },
    async copyGroup(name, from, description, Tags) {
      const input = {
        SourceDBClusterParameterGroupIdentifier: from,
        TargetDBClusterParameterGroupIdentifier: name,
        TargetDBClusterParameterGroupDescription: description,
        Tags,
      };
      await send('CopyDBClusterParameterGroup', group(from), input);
    },
    async setParameters(name, Parameters) {
      const input = { DBClusterParameterGroupName: name, Parameters };
      await send('ModifyDBClusterParameterGroup', group(name), input);
    },
    async resetParameters(name, Parameters) {
      const input = { DBClusterParameterGroupName: name, Parameters, ResetAllParameters: false };
      await send('ResetDBClusterParameterGroup', group(name), input);
    },
    async deleteGroup(name) {
      const input = { DBClusterParameterGroupName: name };
      await send('DeleteDBClusterParameterGroup', group(name), input);
    },
    async modify(identifier, change) {
      // No ApplyImmediately: it would also apply changes that are pending for the maintenance window.
      const input = {
        DBClusterIdentifier: identifier,
        DBClusterParameterGroupName: change.groupName,
        CloudwatchLogsExportConfiguration: exportsFor(change),
      };
      await send('ModifyDBCluster', `cluster ${identifier}`, input);
    },
  };
}

/**
 * Returns why a cluster is not supported, by its description in RDS (API reference, DBCluster).
 *
 * All members of a secondary cluster are readers: the writer of a global database is in the primary cluster.
 */
export function unsupportedCluster(cluster: DBCluster): UnsupportedServer | undefined {
  const members = cluster.DBClusterMembers ?? [];
  if (cluster.Engine === 'postgres') return 'multi-az-db-cluster';
  if (cluster.EngineMode === 'serverless') return 'serverless-v1';
  if (cluster.ClusterScalabilityType === 'limitless') return 'limitless';
  if (cluster.VPCNetworkingEnabled === false) return 'express';
  if (cluster.GlobalClusterIdentifier && members.length > 0 && !members.some((one) => one.IsClusterWriter))
    return 'global-secondary';
  return cluster.ReplicationSourceIdentifier ? 'replica' : undefined;
}

function stateOf(cluster: DBCluster): ServerState {
  const { LogTypesToEnable = [], LogTypesToDisable = [] } =
    cluster.PendingModifiedValues?.PendingCloudwatchLogsExports ?? {};
  return {
    identifier: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId,
    status: cluster.Status ?? '',
    engine: cluster.Engine ?? '',
    unsupported: unsupportedCluster(cluster),
    host: cluster.Endpoint,
    port: cluster.Port,
    groupName: cluster.DBClusterParameterGroup ?? '',
    exports: cluster.EnabledCloudwatchLogsExports ?? [],
    exportsPending: LogTypesToEnable.length + LogTypesToDisable.length > 0,
    members: (cluster.DBClusterMembers ?? []).map((member) => ({
      identifier: member.DBInstanceIdentifier ?? '',
      isWriter: member.IsClusterWriter ?? false,
      groupStatus: member.DBClusterParameterGroupStatus ?? '',
    })),
    tags: tagsFrom(cluster.TagList),
  };
}
