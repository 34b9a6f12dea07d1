import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The dependencies between the resources of a stack, before the CDK synthesizes its template.
 *
 * The graph may contain a dependency that does not exist, but misses none: every occurrence of a logical id in a resource counts. A
 * nested stack is one resource, with the dependencies of everything in it.
 */
export class ResourceGraph {
  public static of(stack: Stack): ResourceGraph {
    const graph = new ResourceGraph();
    const parts = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node));
    const ids = new Map<string, CfnResource>();
    for (const part of parts) {
      const owner = ownerIn(stack, part);
      if (owner === undefined) continue;
      graph.edges.set(owner, graph.edges.get(owner) ?? new Set());
      if (owner === part) ids.set(stack.resolve(part.logicalId) as string, part);
    }
    for (const part of parts) {
      const owner = ownerIn(stack, part);
      if (owner) for (const needed of neededIn(textOf(part), ids)) graph.add(owner, needed);
    }
    for (const node of stack.node.findAll())
      for (const dependency of node.node.dependencies)
        for (const from of resourcesIn(stack, node))
          for (const to of resourcesIn(stack, dependency)) graph.add(from, to);
    return graph;
  }

  private readonly edges = new Map<CfnResource, Set<CfnResource>>();

  public get resources(): CfnResource[] {
    return [...this.edges.keys()];
  }

  public add(from: CfnResource, to: CfnResource): void {
    if (from !== to) this.edges.get(from)?.add(to);
  }

  /** Returns whether one resource depends on another, directly or indirectly. */
  public needs(from: CfnResource, to: CfnResource): boolean {
    return this.neededBy([to]).has(from);
  }

  /** Returns these resources and those that depend on one of them, directly or indirectly. */
  public neededBy(these: readonly CfnResource[]): Set<CfnResource> {
    const found = new Set(these);
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const [from, needed] of this.edges) if ([...needed].some((one) => found.has(one))) found.add(from);
    }
    return found;
  }

  /** Returns those of these resources that no other of them depends on; depending on them means depending on all. */
  public ends(these: readonly CfnResource[]): CfnResource[] {
    const needed = new Set(these.flatMap((one) => [...(this.edges.get(one) ?? [])]));
    return these.filter((one) => !needed.has(one));
  }
}

/** Returns the resource itself, or the nested stack that contains it; undefined for a resource of another stack. */
function ownerIn(stack: Stack, resource: CfnResource): CfnResource | undefined {
  let owner: CfnResource | undefined = resource;
  for (let at = Stack.of(resource); at !== stack; at = Stack.of(owner)) {
    owner = at.nestedStackResource as CfnResource | undefined;
    if (owner === undefined) return undefined;
  }
  return owner;
}

function resourcesIn(stack: Stack, construct: IConstruct): CfnResource[] {
  const owners = construct.node
    .findAll()
    .flatMap((node) => (CfnResource.isCfnResource(node) ? (ownerIn(stack, node) ?? []) : []));
  return [...new Set(owners)];
}

/** Returns the resource as in the template; undefined if it cannot be rendered yet. */
function textOf(resource: CfnResource): string | undefined {
  try {
    const rendered = (resource as unknown as { _toCloudFormation(): object })._toCloudFormation();
    return JSON.stringify(Stack.of(resource).resolve(rendered));
  } catch {
    return undefined;
  }
}

/** Returns the resources that a text refers to; all resources if there is no text. */
function neededIn(text: string | undefined, ids: ReadonlyMap<string, CfnResource>): CfnResource[] {
  if (text === undefined) return [...ids.values()];
  return [...new Set(text.match(/[A-Za-z0-9]+/g))].flatMap((word) => ids.get(word) ?? []);
}
