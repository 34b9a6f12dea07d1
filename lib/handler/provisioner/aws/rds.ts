import type * as Sdk from '@aws-sdk/client-rds';
import { allPages, senderOf, type Client } from './call';
import { noneIf } from './failure';
import { clusterCalls } from './rds-clusters';
import { instanceCalls } from './rds-instances';
import { networkFrom } from './read-network';
import { tagsFrom, type KindCalls, type SdkTags } from './rds-kind';
import type { Rds, ServerKind, Tags } from './rds-ports';

const NO_SERVER = ['DBClusterNotFound', 'DBInstanceNotFound'];
const NO_GROUP = ['DBParameterGroupNotFound', 'DBClusterParameterGroupNotFound'];
/** RDS's limit per call that sets or resets parameters. */
const MAX_PARAMETERS = 20;

/** RDS by the AWS SDK, loaded when first used. */
export function sdkRds(connect?: (sdk: typeof Sdk) => Client): Rds {
  const load = async () => import('@aws-sdk/client-rds');
  const send = senderOf('rds', load, connect ?? ((sdk) => new sdk.RDSClient({ maxAttempts: 5 })));
  const calls: Record<ServerKind, KindCalls> = {
    cluster: clusterCalls(send),
    instance: instanceCalls(send),
  };
  return {
    async find({ kind, identifier }) {
      return (await calls[kind].servers(identifier).catch(noneIf(...NO_SERVER)))?.[0];
    },
    async networkOf(DBInstanceIdentifier) {
      const found = await send('DescribeDBInstances', `instance ${DBInstanceIdentifier}`, {
        DBInstanceIdentifier,
      }).catch(noneIf(...NO_SERVER));
      const [instance] = found?.DBInstances ?? [];
      return instance && networkFrom(instance);
    },
    async usersOf({ kind, name }) {
      const all = await calls[kind].servers();
      return all.filter(({ groupName }) => groupName === name).map(({ identifier }) => identifier);
    },
    async findGroup({ kind, name }) {
      return (await calls[kind].group(name).catch(noneIf(...NO_GROUP)))?.[0];
    },
    async readParameters({ kind, name }, names) {
      const all = await calls[kind].parameters(name).catch(noneIf(...NO_GROUP));
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
      await calls[kind].deleteGroup(name).catch(noneIf(...NO_GROUP));
    },
    async modify({ kind, identifier }, change) {
      await calls[kind].modify(identifier, change);
    },
    async reboot(instance) {
      await send('RebootDBInstance', `instance ${instance}`, { DBInstanceIdentifier: instance });
    },
    async eventsOf(instance, minutes) {
      const source = { SourceType: 'db-instance' as const, SourceIdentifier: instance };
      const found = await allPages(async (Marker) => {
        const page = await send('DescribeEvents', `instance ${instance}`, {
          ...source,
          Duration: minutes,
          Marker,
        });
        return { items: page.Events, marker: page.Marker };
      });
      return found.map(({ Date: at, Message = '' }) => ({ at: at?.getTime() ?? 0, message: Message }));
    },
    async tagsOf(arn) {
      const found = await send('ListTagsForResource', arn, { ResourceName: arn });
      return tagsFrom(found.TagList);
    },
    async tag(arn, tags) {
      await send('AddTagsToResource', arn, { ResourceName: arn, Tags: listOf(tags) });
    },
    async untag(arn, keys) {
      await send('RemoveTagsFromResource', arn, { ResourceName: arn, TagKeys: [...keys] });
    },
  };
}

const listOf = (tags: Tags): SdkTags => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

function parts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / MAX_PARAMETERS);
  return Array.from({ length: count }, (_, i) => all.slice(i * MAX_PARAMETERS, (i + 1) * MAX_PARAMETERS));
}
