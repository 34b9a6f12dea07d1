import type { StackFacts } from './ports';

export type Properties = Readonly<Record<string, unknown>>;

/** A resource of the template of a stack. */
export interface TemplateResource {
  readonly physicalId: string;
  readonly properties: Properties;
  readonly metadata: Properties;
}

/** The resources of a type that exist in a stack. */
export function resourcesOf({ resources, template }: StackFacts, type: string): TemplateResource[] {
  const { Resources = {} } = (template ?? {}) as {
    Resources?: Record<string, { Properties?: Properties; Metadata?: Properties }>;
  };
  return resources
    .filter((resource) => resource.type === type)
    .map(({ logicalId, physicalId }) => ({
      physicalId,
      properties: Resources[logicalId]?.Properties ?? {},
      metadata: Resources[logicalId]?.Metadata ?? {},
    }));
}

/** Resolves a string, or a `Ref` to a resource or a parameter of the stack. */
export function resolve({ resources, parameters }: StackFacts, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { Ref: ref } = (value ?? {}) as { Ref?: string };
  if (ref === undefined) return undefined;
  return resources.find(({ logicalId }) => logicalId === ref)?.physicalId ?? parameters[ref];
}

/** Resolves a list, without the items that cannot be resolved; undefined if it is no list. */
export function resolveList(stack: StackFacts, value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.flatMap((one) => resolve(stack, one) ?? []) : undefined;
}
