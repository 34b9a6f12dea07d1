import type { RdsState } from './state';
import { rdsError } from './errors';
import type { Group, Kind } from './group';
import { page, type Input, type Operations } from './operation';
import { addTags } from './tags';

/** The calls about parameter groups, of clusters and of instances. */
export const groupOperations: Operations = {
  ...operations('cluster', 'DBCluster'),
  ...operations('instance', 'DB'),
};

function operations(kind: Kind, prefix: string): Operations {
  const name = `${prefix}ParameterGroupName`;
  const describe = (group: Group) => ({
    [name]: group.name,
    [`${prefix}ParameterGroupArn`]: group.arn,
    DBParameterGroupFamily: group.family,
    Description: group.description,
  });
  return {
    [`Describe${prefix}ParameterGroups`]: ({ groups }, input) => ({
      [`${prefix}ParameterGroups`]: [describe(groups.get(kind, input[name]))],
    }),
    [`Describe${prefix}Parameters`]: ({ groups }, input) => {
      const { items, Marker } = page(groups.get(kind, input[name]).list(), 100, input.Marker);
      return { Parameters: items, Marker };
    },
    [`Create${prefix}ParameterGroup`]: ({ groups }, input) => {
      const group = groups.create(kind, input[name] ?? '', input.DBParameterGroupFamily ?? '');
      addTags(group, input.Tags);
    },
    [`Copy${prefix}ParameterGroup`]: ({ groups }, input) => {
      const [from, to] = ['Source', 'Target'].map(
        (end) => input[`${end}${prefix}ParameterGroupIdentifier`] ?? '',
      );
      addTags(groups.copy(kind, from ?? '', to ?? ''), input.Tags);
    },
    [`Modify${prefix}ParameterGroup`]: (rds, input) => {
      const group = rds.groups.get(kind, input[name]);
      group.change(input.Parameters);
      applied(rds, group);
    },
    [`Reset${prefix}ParameterGroup`]: (rds, input) => {
      const group = rds.groups.get(kind, input[name]);
      group.reset(input.Parameters);
      applied(rds, group);
    },
    [`Delete${prefix}ParameterGroup`]: (rds, input) => drop(rds, kind, input, name),
  };
}

/** Servers that run with the group take the new values over, which is to be seen for a while. */
function applied({ instances, clock, durations }: RdsState, group: Group): void {
  for (const instance of instances.values())
    if (instance.running === group) instance.applyingUntil = clock.now() + durations.applying;
}

function drop(
  { groups, clusters, instances, clock, durations }: RdsState,
  kind: Kind,
  input: Input,
  name: string,
) {
  const group = groups.get(kind, input[name]);
  const servers = kind === 'cluster' ? clusters : instances;
  const used = [...servers.values()].some((server) => server.group === group);
  if (group.isDefault || used || clock.now() < group.releasedAt + durations.release)
    throw rdsError(
      'InvalidDBParameterGroupStateFault',
      `One or more database instances are still members of this parameter group ${group.name}, so the group cannot be deleted`,
    );
  groups.drop(kind, group.name);
}
