import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet, FleetServer, Path } from './fleet';
import { importLogsUser, logsUserStack } from './logs-user-stack';
import { addToStack, serversStack, sizeProblems, stackName } from './servers-stack';

/** Adds the stacks of a fleet to an app, or to a stage of a pipeline. */
export function addFleet(scope: Construct, fleet: Fleet): void {
  const logsUsers = new Map(fleet.logsUsers.map((logsUser) => [logsUser.account, logsUser]));
  const logsUserStacks = new Map<string, Stack>();
  for (const logsUser of fleet.logsUsers) {
    if (logsUser.region !== undefined) logsUserStacks.set(logsUser.account, logsUserStack(scope, logsUser));
  }
  const problems: { path: Path; text: string }[] = [];
  for (const servers of byStack(fleet.servers)) {
    const { account } = servers[0];
    const stack = serversStack(scope, servers);
    const stackOfLogsUser = logsUserStacks.get(account);
    if (stackOfLogsUser) deployAfter(stack, stackOfLogsUser);
    const logsUser = importLogsUser(stack, logsUsers.get(account)!);
    problems.push(...servers.flatMap((server) => addToStack(stack, server, logsUser)));
    problems.push(...sizeProblems(stack, servers));
  }
  if (problems.length > 0) throw fleet.error(problems);
}

/** Newer releases of the CDK call the method `addStackDependency`, and warn of the previous name. */
function deployAfter(stack: Stack & { addStackDependency?: Stack['addDependency'] }, logsUser: Stack): void {
  const method = stack.addStackDependency ? 'addStackDependency' : 'addDependency';
  stack[method]!(logsUser, 'its access key goes into the data sources');
}

/** Groups the servers by stack; a server without a shared stack is a group by itself. */
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
