import type { DBCluster } from '@aws-sdk/client-rds';
import type { UnsupportedServer } from '../../../private/server/unsupported';
import { call } from './call';
import { allPages, exportsFor, tagsFrom, type Connect, type KindCalls } from './rds-kind';
import type { ServerState } from './rds-ports';

/** The calls for clusters and their parameter groups. */
export function clusterCalls(connect: Connect): KindCalls {
  const group = (name: string) => `cluster parameter group ${name}`;
  return {
    async servers(identifier) {
      const { sdk, client } = await connect();
      const what = identifier === undefined ? 'all clusters' : `cluster ${identifier}`;
      return allPages(async (Marker) => {
        const input = { DBClusterIdentifier: identifier, Marker };
        const page = await call('rds:DescribeDBClusters', what, () =>
          client.send(new sdk.DescribeDBClustersCommand(input)),
        );
        return { items: page.DBClusters?.map(stateOf), marker: page.Marker };
      });
    },
    async group(name) {
      const { sdk, client } = await connect();
      const input = { DBClusterParameterGroupName: name };
      const found = await call('rds:DescribeDBClusterParameterGroups', group(name), () =>
        client.send(new sdk.DescribeDBClusterParameterGroupsCommand(input)),
      );
      return (found.DBClusterParameterGroups ?? []).map((one) => ({
        arn: one.DBClusterParameterGroupArn ?? '',
        family: one.DBParameterGroupFamily ?? '',
      }));
    },
    async parameters(name) {
      const { sdk, client } = await connect();
      return allPages(async (Marker) => {
        const input = { DBClusterParameterGroupName: name, Marker };
        const page = await call('rds:DescribeDBClusterParameters', group(name), () =>
          client.send(new sdk.DescribeDBClusterParametersCommand(input)),
        );
        return { items: page.Parameters, marker: page.Marker };
      });
    },
    async createGroup(name, family, Description, Tags) {
      const { sdk, client } = await connect();
      const input = { DBClusterParameterGroupName: name, DBParameterGroupFamily: family, Description, Tags };
      await call('rds:CreateDBClusterParameterGroup', group(name), () =>
        client.send(new sdk.CreateDBClusterParameterGroupCommand(input)),
      );
    },
    async copyGroup(name, from, description, Tags) {
      const { sdk, client } = await connect();
      const input = {
        SourceDBClusterParameterGroupIdentifier: from,
        TargetDBClusterParameterGroupIdentifier: name,
        TargetDBClusterParameterGroupDescription: description,
        Tags,
      };
      await call('rds:CopyDBClusterParameterGroup', group(from), () =>
        client.send(new sdk.CopyDBClusterParameterGroupCommand(input)),
      );
    },
    async setParameters(name, Parameters) {
      const { sdk, client } = await connect();
      const input = { DBClusterParameterGroupName: name, Parameters };
      await call('rds:ModifyDBClusterParameterGroup', group(name), () =>
        client.send(new sdk.ModifyDBClusterParameterGroupCommand(input)),
      );
    },
    async resetParameters(name, Parameters) {
      const { sdk, client } = await connect();
      const input = { DBClusterParameterGroupName: name, Parameters, ResetAllParameters: false };
      await call('rds:ResetDBClusterParameterGroup', group(name), () =>
        client.send(new sdk.ResetDBClusterParameterGroupCommand(input)),
      );
    },
    async deleteGroup(name) {
      const { sdk, client } = await connect();
      const input = { DBClusterParameterGroupName: name };
      await call('rds:DeleteDBClusterParameterGroup', group(name), () =>
        client.send(new sdk.DeleteDBClusterParameterGroupCommand(input)),
      );
    },
    async modify(identifier, change) {
      const { sdk, client } = await connect();
      // No ApplyImmediately: it would also apply changes that are pending for the maintenance window.
      const input = {
        DBClusterIdentifier: identifier,
        DBClusterParameterGroupName: change.groupName,
        CloudwatchLogsExportConfiguration: exportsFor(change),
      };
      await call('rds:ModifyDBCluster', `cluster ${identifier}`, () =>
        client.send(new sdk.ModifyDBClusterCommand(input)),
      );
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
