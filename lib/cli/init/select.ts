import { UsageError } from '../command';
import { nameOf } from '../../handler/provisioner/aws/rds-ports';
import type { FoundServer } from './server';

/** A server that is named but can't be used; the message says why. */
class NotUsable extends Error {
  override readonly name = 'Error';
}

/** The servers that `--server` names: an identifier, or `cluster:ID` or `instance:ID` where both kinds have one. */
export function selectServers(servers: readonly FoundServer[], names: readonly string[]): FoundServer[] {
  const selected = names.map((name) => {
    const [, kind, identifier = ''] = /^(?:(cluster|instance):)?(.*)$/.exec(name) ?? [];
    const found = servers.filter(
      (one) => one.identifier === identifier.toLowerCase() && (kind === undefined || one.kind === kind),
    );
    if (found.length > 1)
      throw new UsageError(
        `There are a cluster and an instance ${identifier}: name one by --server cluster:${identifier} or --server instance:${identifier}`,
      );
    if (found.length === 0)
      throw new NotUsable(
        `There is no PostgreSQL server ${name} in this account and region. npx cdk-datafold-postgres init lists those that there are.`,
      );
    return found[0];
  });
  const refused = selected.find(({ unsupported }) => unsupported);
  if (refused) throw new NotUsable(`${refused.unsupported}.`);
  const duplicate = selected.find((one, i) => selected.indexOf(one) < i);
  if (duplicate) throw new UsageError(`--server names the ${nameOf(duplicate)} twice`);
  return selected;
}
