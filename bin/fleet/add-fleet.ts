import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet, FleetServer, Path } from './fleet';
import { importReader, readerStack } from './reader-stack';
import { addToStack, serversStack, sizeProblems, stackName } from './servers-stack';

/** Adds the stacks of a fleet to an app, or to a stage of a pipeline. */
export function addFleet(scope: Construct, fleet: Fleet): void {
  const readers = new Map(fleet.readers.map((reader) => [reader.account, reader]));
  const readerStacks = new Map<string, Stack>();
  for (const reader of fleet.readers) {
    if (reader.region !== undefined) readerStacks.set(reader.account, readerStack(scope, reader));
  }
  const problems: { path: Path; text: string }[] = [];
  for (const servers of byStack(fleet.servers)) {
    const { account } = servers[0];
    const stack = serversStack(scope, servers);
    const readerOfAccount = readerStacks.get(account);
    if (readerOfAccount) stack.addDependency(readerOfAccount, 'its access key goes into the data sources');
    const logsReader = importReader(stack, readers.get(account)!);
    problems.push(...servers.flatMap((server) => addToStack(stack, server, logsReader)));
    problems.push(...sizeProblems(stack, servers));
  }
  if (problems.length > 0) throw fleet.error(problems);
}

/** The servers that share a stack; those that do not are alone. */
function byStack(servers: readonly FleetServer[]): FleetServer[][] {
  const groups = new Map<string, FleetServer[]>();
  for (const server of servers) {
    const key = [server.account, server.region, stackName(server)].join('/');
    const group = groups.get(key);
    if (group) group.push(server);
    else groups.set(key, [server]);
  }
  return [...groups.values()];
}
