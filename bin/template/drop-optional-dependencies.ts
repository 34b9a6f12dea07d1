import { type ConditionsOfTemplate, impliedConditions } from './implied-conditions';

interface Resource {
  readonly Condition?: string;
  DependsOn?: string | string[];
}

/**
 * Removes each DependsOn on a resource that may not exist while the dependent does: CloudFormation ignores such a dependency, but
 * linters reject it.
 */
export function dropOptionalDependencies<
  T extends { readonly Resources: Record<string, Resource>; readonly Conditions?: ConditionsOfTemplate },
>(template: T): T {
  const { Resources, Conditions = {} } = template;
  for (const resource of Object.values(Resources)) {
    const holding = impliedConditions(Conditions, resource.Condition);
    const left = [resource.DependsOn ?? []].flat().filter((id) => {
      const condition = Resources[id]?.Condition;
      return condition === undefined || holding.has(condition);
    });
    if (left.length > 0) resource.DependsOn = left;
    else delete resource.DependsOn;
  }
  return template;
}
