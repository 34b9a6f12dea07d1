import { call } from './call';
import { isAws } from './failure';
import { clusterCalls } from './rds-clusters';
import { instanceCalls } from './rds-instances';
import { networkFrom } from './read-network';
import { allPages, tagsFrom, type Connect, type KindCalls, type SdkTags } from './rds-kind';
import type { Rds, ServerKind, ServerName, ServerState, Tags } from './rds-ports';

const NO_SERVER = ['DBClusterNotFound', 'DBInstanceNotFound'];
const NO_GROUP = ['DBParameterGroupNotFound', 'DBClusterParameterGroupNotFound'];
/** RDS's limit per call that sets or resets parameters. */
const MAX_PARAMETERS = 20;

/** RDS by the AWS SDK, loaded when first used. */
export function sdkRds(connect: Connect = connectOnce()): Rds {
  const calls: Record<ServerKind, KindCalls> = {
    cluster: clusterCalls(connect),
    instance: instanceCalls(connect),
  };
  const find = async ({ kind, identifier }: ServerName): Promise<ServerState | undefined> =>
    (await calls[kind].servers(identifier).catch(noneIf(NO_SERVER)))?.[0];
  return {
    find,
    findEndpoint: find,
    async networkOf(DBInstanceIdentifier) {
      const { sdk, client } = await connect();
      const found = await call('rds:DescribeDBInstances', `instance ${DBInstanceIdentifier}`, () =>
        client.send(new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier })),
      ).catch(noneIf(NO_SERVER));
      const [instance] = found?.DBInstances ?? [];
      return instance && networkFrom(instance);
    },
    async usersOf({ kind, name }) {
      const all = await calls[kind].servers();
      return all.filter(({ groupName }) => groupName === name).map(({ identifier }) => identifier);
    },
    async findGroup({ kind, name }) {
      return (await calls[kind].group(name).catch(noneIf(NO_GROUP)))?.[0];
    },
    async readParameters({ kind, name }, names) {
      const all = await calls[kind].parameters(name).catch(noneIf(NO_GROUP));
      const desired = all?.filter(({ ParameterName = '' }) => names.includes(ParameterName));
      return (
        desired &&
        Object.fromEntries(
          desired.map(({ ParameterName = '', ParameterValue, Source }) => [
            ParameterName,
            Source === 'user' ? { value: ParameterValue } : {},
          ]),
        )
      );
    },
    async createGroup({ kind, name }, family, description, tags) {
      await calls[kind].createGroup(name, family, description, listOf(tags));
    },
    async copyGroup({ kind, name }, from, description, tags) {
      await calls[kind].copyGroup(name, from, description, listOf(tags));
    },
    async setParameters({ kind, name }, settings) {
      const parameters = Object.entries(settings).map(([ParameterName, { value: ParameterValue }]) => ({
        ParameterName,
        ParameterValue,
        ApplyMethod: 'immediate' as const,
      }));
      const isSet = ({ ParameterValue }: { ParameterValue?: string }) => ParameterValue !== undefined;
      for (const some of parts(parameters.filter(isSet))) await calls[kind].setParameters(name, some);
      for (const some of parts(parameters.filter((one) => !isSet(one))))
        await calls[kind].resetParameters(name, some);
    },
    async deleteGroup({ kind, name }) {
      await calls[kind].deleteGroup(name).catch(noneIf(NO_GROUP));
    },
    async modify({ kind, identifier }, change) {
      await calls[kind].modify(identifier, change);
    },
    async reboot(instance) {
      const { sdk, client } = await connect();
      await call('rds:RebootDBInstance', `instance ${instance}`, () =>
        client.send(new sdk.RebootDBInstanceCommand({ DBInstanceIdentifier: instance })),
      );
    },
    async eventsOf(instance, minutes) {
      const { sdk, client } = await connect();
      const source = { SourceType: 'db-instance' as const, SourceIdentifier: instance };
      const found = await allPages(async (Marker) => {
        const page = await call('rds:DescribeEvents', `instance ${instance}`, () =>
          client.send(new sdk.DescribeEventsCommand({ ...source, Duration: minutes, Marker })),
        );
        return { items: page.Events, marker: page.Marker };
      });
      return found.map(({ Date: at, Message = '' }) => ({ at: at?.getTime() ?? 0, message: Message }));
    },
    async tagsOf(arn) {
      const { sdk, client } = await connect();
      const found = await call('rds:ListTagsForResource', arn, () =>
        client.send(new sdk.ListTagsForResourceCommand({ ResourceName: arn })),
      );
      return tagsFrom(found.TagList);
    },
    async tag(arn, tags) {
      const { sdk, client } = await connect();
      await call('rds:AddTagsToResource', arn, () =>
        client.send(new sdk.AddTagsToResourceCommand({ ResourceName: arn, Tags: listOf(tags) })),
      );
    },
    async untag(arn, keys) {
      const { sdk, client } = await connect();
      await call('rds:RemoveTagsFromResource', arn, () =>
        client.send(new sdk.RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] })),
      );
    },
  };
}

function connectOnce(): Connect {
  let made: ReturnType<Connect> | undefined;
  const connect = async () => {
    const sdk = await import('@aws-sdk/client-rds');
    return { sdk, client: new sdk.RDSClient({ maxAttempts: 5 }) };
  };
  return async () => (made ??= connect());
}

const listOf = (tags: Tags): SdkTags => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

function parts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / MAX_PARAMETERS);
  return Array.from({ length: count }, (_, i) => all.slice(i * MAX_PARAMETERS, (i + 1) * MAX_PARAMETERS));
}

function noneIf(codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (isAws(error, ...codes)) return undefined;
    throw error;
  };
}
