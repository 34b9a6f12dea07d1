interface Resource {
  readonly Properties?: unknown;
  DependsOn?: string | string[];
}

/** Removes each DependsOn that a reference implies, to make the template easier to read. */
export function dropImpliedDependencies<T extends { Resources: Record<string, Resource> }>(template: T): T {
  for (const resource of Object.values(template.Resources)) {
    const implied = new Set(references(resource.Properties));
    const left = [resource.DependsOn ?? []].flat().filter((id) => !implied.has(id));
    if (left.length > 0) resource.DependsOn = left;
    else delete resource.DependsOn;
  }
  return template;
}

/** Returns the logical ids that a value refers to independently of conditions. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (value === null || typeof value !== 'object') return [];
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::If': choice } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return [Ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return choice === undefined ? Object.values(value).flatMap(references) : [];
}
