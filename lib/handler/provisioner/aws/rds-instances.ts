import type { DBInstance } from '@aws-sdk/client-rds';
import type { UnsupportedServer } from '../../../private/server/unsupported';
import { call } from './call';
import { allPages, exportsFor, tagsFrom, type Connect, type KindCalls } from './rds-kind';
import type { ServerState } from './rds-ports';

/** The calls for instances and their parameter groups. */
export function instanceCalls(connect: Connect): KindCalls {
  const group = (name: string) => `parameter group ${name}`;
  return {
    async servers(identifier) {
      const { sdk, client } = await connect();
      const what = identifier === undefined ? 'all instances' : `instance ${identifier}`;
      return allPages(async (Marker) => {
        const input = { DBInstanceIdentifier: identifier, Marker };
        const page = await call('rds:DescribeDBInstances', what, () =>
          client.send(new sdk.DescribeDBInstancesCommand(input)),
        );
        return { items: page.DBInstances?.map(stateOf), marker: page.Marker };
      });
    },
    async group(name) {
      const { sdk, client } = await connect();
      const found = await call('rds:DescribeDBParameterGroups', group(name), () =>
        client.send(new sdk.DescribeDBParameterGroupsCommand({ DBParameterGroupName: name })),
      );
      return (found.DBParameterGroups ?? []).map((one) => ({
        arn: one.DBParameterGroupArn ?? '',
        family: one.DBParameterGroupFamily ?? '',
      }));
    },
    async parameters(name) {
      const { sdk, client } = await connect();
      return allPages(async (Marker) => {
        const input = { DBParameterGroupName: name, Marker };
        const page = await call('rds:DescribeDBParameters', group(name), () =>
          client.send(new sdk.DescribeDBParametersCommand(input)),
        );
        return { items: page.Parameters, marker: page.Marker };
      });
    },
    async createGroup(name, family, Description, Tags) {
      const { sdk, client } = await connect();
      const input = { DBParameterGroupName: name, DBParameterGroupFamily: family, Description, Tags };
      await call('rds:CreateDBParameterGroup', group(name), () =>
        client.send(new sdk.CreateDBParameterGroupCommand(input)),
      );
    },
    async copyGroup(name, from, description, Tags) {
      const { sdk, client } = await connect();
      const input = {
        SourceDBParameterGroupIdentifier: from,
        TargetDBParameterGroupIdentifier: name,
        TargetDBParameterGroupDescription: description,
        Tags,
      };
      await call('rds:CopyDBParameterGroup', group(from), () =>
        client.send(new sdk.CopyDBParameterGroupCommand(input)),
      );
    },
    async setParameters(name, Parameters) {
      const { sdk, client } = await connect();
      await call('rds:ModifyDBParameterGroup', group(name), () =>
        client.send(new sdk.ModifyDBParameterGroupCommand({ DBParameterGroupName: name, Parameters })),
      );
    },
    async resetParameters(name, Parameters) {
      const { sdk, client } = await connect();
      const input = { DBParameterGroupName: name, Parameters, ResetAllParameters: false };
      await call('rds:ResetDBParameterGroup', group(name), () =>
        client.send(new sdk.ResetDBParameterGroupCommand(input)),
      );
    },
    async deleteGroup(name) {
      const { sdk, client } = await connect();
      await call('rds:DeleteDBParameterGroup', group(name), () =>
        client.send(new sdk.DeleteDBParameterGroupCommand({ DBParameterGroupName: name })),
      );
    },
    async modify(identifier, change) {
      const { sdk, client } = await connect();
      // No ApplyImmediately: it would also apply changes that are pending for the maintenance window.
      const input = {
        DBInstanceIdentifier: identifier,
        DBParameterGroupName: change.groupName,
        CloudwatchLogsExportConfiguration: exportsFor(change),
      };
      await call('rds:ModifyDBInstance', `instance ${identifier}`, () =>
        client.send(new sdk.ModifyDBInstanceCommand(input)),
      );
    },
  };
}

/** Returns why an instance is not supported, by its description in RDS (API reference, DBInstance). */
export function unsupportedInstance(instance: DBInstance): UnsupportedServer | undefined {
  if (instance.DBClusterIdentifier) return 'cluster-member';
  const source =
    instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier;
  return source ? 'replica' : undefined;
}

function stateOf(instance: DBInstance): ServerState {
  const { LogTypesToEnable = [], LogTypesToDisable = [] } =
    instance.PendingModifiedValues?.PendingCloudwatchLogsExports ?? {};
  const identifier = instance.DBInstanceIdentifier ?? '';
  const group = instance.DBParameterGroups?.[0];
  return {
    identifier,
    arn: instance.DBInstanceArn ?? '',
    resourceId: instance.DbiResourceId,
    status: instance.DBInstanceStatus ?? '',
    engine: instance.Engine ?? '',
    unsupported: unsupportedInstance(instance),
    host: instance.Endpoint?.Address,
    port: instance.Endpoint?.Port,
    groupName: group?.DBParameterGroupName ?? '',
    exports: instance.EnabledCloudwatchLogsExports ?? [],
    exportsPending: LogTypesToEnable.length + LogTypesToDisable.length > 0,
    members: [{ identifier, isWriter: true, groupStatus: group?.ParameterApplyStatus ?? '' }],
    tags: tagsFrom(instance.TagList),
  };
}
