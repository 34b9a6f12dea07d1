import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Which resource of a stack needs which, before CDK has turned all of it into a template.
 *
 * It may know of a need that there is not, but misses none: a word that is a logical id counts, wherever it stands. A nested
 * stack is one resource, with the needs of everything in it.
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

  /** True where one resource needs another, directly or by way of others. */
  public needs(from: CfnResource, to: CfnResource): boolean {
    return this.neededBy([to]).has(from);
  }

  /** The resources that need one of these, directly or by way of others, and these themselves. */
  public neededBy(these: readonly CfnResource[]): Set<CfnResource> {
    const found = new Set(these);
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const [from, needed] of this.edges) if ([...needed].some((one) => found.has(one))) found.add(from);
    }
    return found;
  }

  /** Those of these that no other of them needs: who waits for them waits for all. */
  public ends(these: readonly CfnResource[]): CfnResource[] {
    const needed = new Set(these.flatMap((one) => [...(this.edges.get(one) ?? [])]));
    return these.filter((one) => !needed.has(one));
  }
}

/** The resource itself, or the nested stack of this stack that it is in; undefined for one of another stack. */
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

/** As in the template; undefined where the resource can't be rendered yet. */
function textOf(resource: CfnResource): string | undefined {
  try {
    const rendered = (resource as unknown as { _toCloudFormation(): object })._toCloudFormation();
    return JSON.stringify(Stack.of(resource).resolve(rendered));
  } catch {
    return undefined;
  }
}

/** Of what can't be read anything may be needed. */
function neededIn(text: string | undefined, ids: ReadonlyMap<string, CfnResource>): CfnResource[] {
  if (text === undefined) return [...ids.values()];
  return [...new Set(text.match(/[A-Za-z0-9]+/g))].flatMap((word) => ids.get(word) ?? []);
}
