import { AspectPriority, Aspects, CfnResource, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { shortHash } from '../identity';
import { ResourceGraph } from './resource-graph';

const REGISTRATION = 'Custom::DatafoldRegistration';
const OURS = 'Custom::Datafold';

/**
 * Makes a registration depend on everything else in its stack.
 *
 * Datafold's API cannot delete a data source. A data source is therefore created only after everything else has succeeded: otherwise
 * it would remain after a rollback, with a password that the role no longer has. Resources that need a registration come after it.
 */
export function registerLast(registration: CfnResource): void {
  Aspects.of(registration).add(
    {
      visit: (node: IConstruct) => {
        if (node === registration) waitForOthers(registration);
      },
    },
    // Runs after all other aspects.
    { priority: AspectPriority.READONLY },
  );
}

/** Adds the dependencies of all registrations of a stack, when the first of them is visited. */
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
  // A resource that needs one registration can still come before another registration.
  const between = [...afterwards].filter((one) => one.cfnResourceType.startsWith(OURS) && !all.includes(one));
  for (const one of all)
    for (const other of between)
      if (!graph.needs(other, one)) {
        one.node.addDependency(other);
        graph.add(one, other);
      }
}

/**
 * Creates an empty resource that depends on all of these resources.
 *
 * A hundred registrations that each depend on hundreds of resources would exceed the size limit of a template. The id changes with the
 * resources, so that an update that adds one creates a new barrier after it.
 */
function barrierAfter(stack: Stack, last: readonly CfnResource[]): CfnResource {
  const ids = last.map((one) => one.node.addr).sort();
  const barrier = new CfnWaitConditionHandle(stack, `DatafoldRegisteredLast${shortHash(ids)}`);
  for (const one of last) barrier.node.addDependency(one);
  return barrier;
}

/** Returns whether a resource always exists; a resource with a condition may not. */
function isSure({ cfnOptions, cfnResourceType }: CfnResource): boolean {
  return cfnOptions.condition === undefined && cfnResourceType !== 'AWS::CDK::Metadata';
}
