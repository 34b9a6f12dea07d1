import { AspectPriority, Aspects, CfnResource, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { shortHash } from '../identity';
import { ResourceGraph } from './resource-graph';

const REGISTRATION = 'Custom::DatafoldRegistration';
const OURS = 'Custom::Datafold';

/**
 * Has a registration wait for everything else in its stack.
 *
 * Datafold's API can't delete a data source. So one is made only when nothing else of the deployment can fail any more: it would
 * stay after the rollback, with a password that is no longer that of the role. What needs a registration comes after it.
 */
export function registerLast(registration: CfnResource): void {
  Aspects.of(registration).add(
    {
      visit: (node: IConstruct) => {
        if (node === registration) waitForOthers(registration);
      },
    },
    // When all others have added what they add.
    { priority: AspectPriority.READONLY },
  );
}

/** Once for all registrations of a stack, at the first one that is visited. */
function waitForOthers(registration: CfnResource): void {
  const stack = Stack.of(registration);
  const graph = ResourceGraph.of(stack);
  const all = graph.resources.filter(({ cfnResourceType }) => cfnResourceType === REGISTRATION);
  if (registration !== all[0]) return;
  const afterwards = graph.neededBy(all);
  const before = graph.resources.filter((one) => !afterwards.has(one) && isSure(one));
  const last = graph.ends(before);
  if (last.length > 0) {
    const barrier = barrierAfter(stack, last);
    for (const one of all) one.node.addDependency(barrier);
  }
  // What needs one registration may still come before another one.
  const between = [...afterwards].filter((one) => one.cfnResourceType.startsWith(OURS) && !all.includes(one));
  for (const one of all)
    for (const other of between)
      if (!graph.needs(other, one)) {
        one.node.addDependency(other);
        graph.add(one, other);
      }
}

/**
 * Nothing, after all of these: a hundred registrations that each name hundreds of resources would not fit into a template.
 * Its id changes with them, so that an update that adds one makes it anew, after that one.
 */
function barrierAfter(stack: Stack, last: readonly CfnResource[]): CfnResource {
  const ids = last.map((one) => one.node.addr).sort();
  const barrier = new CfnWaitConditionHandle(stack, `DatafoldRegisteredLast${shortHash(ids)}`);
  for (const one of last) barrier.node.addDependency(one);
  return barrier;
}

/** A resource with a condition may not be there. */
function isSure({ cfnOptions, cfnResourceType }: CfnResource): boolean {
  return cfnOptions.condition === undefined && cfnResourceType !== 'AWS::CDK::Metadata';
}
