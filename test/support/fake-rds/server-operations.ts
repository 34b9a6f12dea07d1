import type { RdsState } from './state';
import { combination, invalid, noCluster, noInstance, rdsError } from './errors';
import type { Group, Kind, Tag } from './group';
import { page, type Input, type Operations } from './operation';
import type { Cluster, Instance, PendingExports } from './server';
import type { Status } from './timed';
import { addTags } from './tags';

const PAGE = 2;
const EXPORTS = ['postgresql', 'upgrade', 'instance', 'iam-db-auth-error'];

/** The calls about clusters, instances and tags. */
export const serverOperations: Operations = {
  DescribeDBClusters({ clusters }, { DBClusterIdentifier: id, Marker }) {
    const all = id === undefined ? [...clusters.values()] : [clusters.get(id) ?? fail(noCluster(id))];
    const { items, Marker: next } = page(all, PAGE, Marker);
    return { DBClusters: items.map(describeCluster), Marker: next };
  },
  DescribeDBInstances({ instances }, { DBInstanceIdentifier: id, Marker }) {
    const all = id === undefined ? [...instances.values()] : [instances.get(id) ?? fail(noInstance(id))];
    const { items, Marker: next } = page(all, PAGE, Marker);
    return { DBInstances: items.map(describeInstance), Marker: next };
  },
  ModifyDBCluster(rds, input) {
    const id = input.DBClusterIdentifier ?? '';
    const cluster = rds.clusters.get(id) ?? fail(noCluster(id));
    if (cluster.status.value !== 'available')
      throw rdsError(
        'InvalidDBClusterStateFault',
        `DB cluster ${id} isn't available for modification with status ${cluster.status.value}.`,
      );
    modify(rds, 'cluster', cluster, input, input.DBClusterParameterGroupName);
  },
  ModifyDBInstance(rds, input) {
    const id = input.DBInstanceIdentifier ?? '';
    const instance = rds.instances.get(id) ?? fail(noInstance(id));
    if (!['available', 'storage-optimization'].includes(instance.status.value))
      throw rdsError('InvalidDBInstanceStateFault', `Instance ${id} is not in available state.`);
    modify(rds, 'instance', instance, input, input.DBParameterGroupName);
  },
  RebootDBInstance({ instances, durations, rebootableIn }, { DBInstanceIdentifier: id = '' }) {
    const instance = instances.get(id) ?? fail(noInstance(id));
    if (!rebootableIn.includes(instance.status.value))
      throw rdsError('InvalidDBInstanceStateFault', `Instance ${id} is not in available state.`);
    instance.reboot(durations);
  },
  ListTagsForResource: (rds, { ResourceName = '' }) => ({ TagList: owner(rds, ResourceName).tags }),
  AddTagsToResource: (rds, { ResourceName = '', Tags }) => addTags(owner(rds, ResourceName), Tags),
  RemoveTagsFromResource(rds, { ResourceName = '', TagKeys = [] }) {
    const tagged = owner(rds, ResourceName);
    tagged.tags = tagged.tags.filter(({ Key }) => !TagKeys.includes(Key));
  },
};

interface Server {
  group: Group;
  exports: string[];
  readonly status: Status;
  readonly pendingExports: PendingExports;
}

/** A group is associated at once; exports take a while. */
function modify(
  { groups, clock, durations }: RdsState,
  kind: Kind,
  server: Server,
  input: Input,
  name?: string,
): void {
  if (input.ApplyImmediately)
    throw combination('The fake lets nobody do what others left for the maintenance window');
  const { EnableLogTypes = [], DisableLogTypes = [] } = input.CloudwatchLogsExportConfiguration ?? {};
  for (const type of [...EnableLogTypes, ...DisableLogTypes])
    if (!EXPORTS.includes(type))
      throw combination(`You cannot use the log types '${type}' with this engine version.`);
  if (name !== undefined) {
    const group = groups.get(kind, name);
    if (group.family !== server.group.family)
      throw combination(
        `The Parameter Group ${name} with DBParameterGroupFamily ${group.family} can't be used for this instance.`,
      );
    server.group.releasedAt = clock.now();
    server.group = group;
  }
  server.pendingExports.describe();
  if (EnableLogTypes.length + DisableLogTypes.length > 0)
    server.pendingExports.start(EnableLogTypes, DisableLogTypes, durations.exports);
  server.status.pass('modifying', durations.lag, durations.modify);
}

function describeCluster(cluster: Cluster): object {
  const PendingModifiedValues = cluster.pendingExports.describe();
  return {
    DBClusterIdentifier: cluster.identifier,
    DBClusterArn: cluster.arn,
    Status: cluster.status.value,
    Engine: cluster.engine,
    Endpoint: `${cluster.identifier}.cluster-abc.us-east-1.rds.amazonaws.com`,
    Port: cluster.port,
    DBClusterParameterGroup: cluster.group.name,
    EnabledCloudwatchLogsExports: cluster.exports.length > 0 ? cluster.exports : undefined,
    PendingModifiedValues,
    DBClusterMembers: cluster.members.map((member, i) => ({
      DBInstanceIdentifier: member.identifier,
      IsClusterWriter: i === cluster.writer,
      DBClusterParameterGroupStatus: member.groupStatus,
    })),
    TagList: cluster.tags,
    ...cluster.more,
  };
}

function describeInstance(instance: Instance): object {
  const PendingModifiedValues = instance.pendingExports.describe() ?? {};
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceArn: instance.arn,
    DBClusterIdentifier: instance.cluster?.identifier,
    DBInstanceStatus: instance.status.value,
    Engine: instance.engine,
    Endpoint: { Address: `${instance.identifier}.abc.us-east-1.rds.amazonaws.com`, Port: 5432 },
    DBParameterGroups: [
      {
        DBParameterGroupName: instance.group.name,
        ParameterApplyStatus: instance.cluster ? 'in-sync' : instance.groupStatus,
      },
    ],
    EnabledCloudwatchLogsExports: instance.exports.length > 0 ? instance.exports : undefined,
    PendingModifiedValues,
    TagList: instance.tags,
    ...instance.more,
  };
}

function owner({ clusters, instances, groups }: RdsState, arn: string): { tags: Tag[] } {
  const all = [...clusters.values(), ...instances.values(), ...groups.all];
  return all.find((one) => one.arn === arn) ?? fail(invalid(`There is no resource ${arn}`));
}

function fail(error: Error): never {
  throw error;
}
