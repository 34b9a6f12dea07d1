import { impliedConditions } from './implied-conditions';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const NO_VALUE: Json = { Ref: 'AWS::NoValue' };

/**
 * Makes references to resources with a condition conditional too.
 *
 * Such a reference becomes `Fn::If [condition, reference, AWS::NoValue]`, unless the condition already applies to its context. The
 * constructs do not know the conditions, which are added to the template only.
 */
export function guardReferences(template: JsonObject): JsonObject {
  const conditions = conditionsOf(template.Resources as JsonObject);
  const all = (template.Conditions ?? {}) as JsonObject;
  const guardAll = (section: Json | undefined) =>
    Object.fromEntries(
      Object.entries((section ?? {}) as Record<string, JsonObject>).map(([id, part]) => [
        id,
        guard(part, impliedConditions(all, part.Condition as string | undefined), conditions) as JsonObject,
      ]),
    );
  return { ...template, Resources: guardAll(template.Resources), Outputs: guardAll(template.Outputs) };
}

function conditionsOf(resources: JsonObject): Map<string, string> {
  const entries = Object.entries(resources as Record<string, { Condition?: string }>);
  return new Map(entries.flatMap(([id, { Condition }]) => (Condition ? [[id, Condition]] : [])));
}

function guard(value: Json, holding: ReadonlySet<string>, conditions: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => guard(item, holding, conditions));
  if (value === null || typeof value !== 'object') return value;
  const condition = conditions.get(target(value) ?? '');
  if (condition !== undefined && !holding.has(condition)) return { 'Fn::If': [condition, value, NO_VALUE] };
  if (Array.isArray(value['Fn::If'])) {
    const [name, yes, no] = value['Fn::If'] as [string, Json, Json];
    const inside = new Set([...holding, name]);
    return { 'Fn::If': [name, guard(yes, inside, conditions), guard(no, holding, conditions)] };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      // CloudFormation ignores a dependency on a resource that its condition excludes.
      key === 'DependsOn' ? item : guard(item, holding, conditions),
    ]),
  );
}

/** Returns the logical id that an intrinsic function refers to. */
function target(value: JsonObject): string | undefined {
  if (typeof value.Ref === 'string') return value.Ref;
  const attribute = value['Fn::GetAtt'];
  return Array.isArray(attribute) ? (attribute[0] as string) : undefined;
}
