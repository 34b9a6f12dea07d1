import type { DBInstance } from '@aws-sdk/client-rds';
import type { UnsupportedServer } from '../../../private/server/unsupported';
import { allPages } from './call';
import { exportsFor, tagsFrom, type KindCalls, type SendToRds } from './rds-kind';
import type { ServerState } from './rds-ports';

/** The calls for instances and their parameter groups. */
export function instanceCalls(send: SendToRds): KindCalls {
  const group = (name: string) => `parameter group ${name}`;
  return {
    async servers(identifier) {
      const what = identifier === undefined ? 'all instances' : `instance ${identifier}`;
      return allPages(async (Marker) => {
        const input = { DBInstanceIdentifier: identifier, Marker };
        const page = await send('DescribeDBInstances', what, input);
        return { items: page.DBInstances?.map(stateOf), marker: page.Marker };
      });
    },
    async group(name) {
      const found = await send('DescribeDBParameterGroups', group(name), { DBParameterGroupName: name });
      return (found.DBParameterGroups ?? []).map((one) => ({
        arn: one.DBParameterGroupArn ?? '',
        family: one.DBParameterGroupFamily ?? '',
      }));
    },
    async parameters(name) {
      return allPages(async (Marker) => {
        const input = { DBParameterGroupName: name, Marker };
        const page = await send('DescribeDBParameters', group(name), input);
        return { items: page.Parameters, marker: page.Marker };
      });
    },
    async createGroup(name, family, Description, Tags) {
      const input = { DBParameterGroupName: name, DBParameterGroupFamily: family, Description, Tags };
      await send('CreateDBParameterGroup', group(name), input);
    },
    async copyGroup(name, from, description, Tags) {
      const input = {
        SourceDBParameterGroupIdentifier: from,
        TargetDBParameterGroupIdentifier: name,
        TargetDBParameterGroupDescription: description,
        Tags,
      };
      await send('CopyDBParameterGroup', group(from), input);
    },
    async setParameters(name, Parameters) {
      await send('ModifyDBParameterGroup', group(name), { DBParameterGroupName: name, Parameters });
    },
    async resetParameters(name, Parameters) {
      const input = { DBParameterGroupName: name, Parameters, ResetAllParameters: false };
      await send('ResetDBParameterGroup', group(name), input);
    },
    async deleteGroup(name) {
      await send('DeleteDBParameterGroup', group(name), { DBParameterGroupName: name });
    },
    async modify(identifier, change) {
      // No ApplyImmediately: it would also apply changes that are pending for the maintenance window.
      const input = {
        DBInstanceIdentifier: identifier,
        DBParameterGroupName: change.groupName,
        CloudwatchLogsExportConfiguration: exportsFor(change),
      };
      await send('ModifyDBInstance', `instance ${identifier}`, input);
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
