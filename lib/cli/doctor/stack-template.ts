import type { StackFacts } from './ports';
import { valueOf } from './template-values';

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

/** The text that an expression of the template stands for; undefined if it is not known or no text. */
export function resolve(stack: StackFacts, expression: unknown): string | undefined {
  const value = valueOf(stack, expression);
  return typeof value === 'string' ? value : undefined;
}
