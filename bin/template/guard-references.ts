type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const NO_VALUE: Json = { Ref: 'AWS::NoValue' };

/**
 * Lets nothing refer to a resource that is not there.
 *
 * A reference to a resource with a condition becomes `Fn::If [condition, reference, AWS::NoValue]`, unless it stands where
 * the condition holds anyway. The constructs know no conditions: only the template has them.
 */
export function guardReferences(template: JsonObject): JsonObject {
  const conditions = conditionsOf(template.Resources as JsonObject);
  const guardAll = (section: Json | undefined) =>
    Object.fromEntries(
      Object.entries((section ?? {}) as Record<string, JsonObject>).map(([id, part]) => [
        id,
        guard(part, new Set([part.Condition as string]), conditions) as JsonObject,
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
      // What does not exist is no dependency either: CloudFormation sees to that itself.
      key === 'DependsOn' ? item : guard(item, holding, conditions),
    ]),
  );
}

/** The logical id that an intrinsic function refers to. */
function target(value: JsonObject): string | undefined {
  if (typeof value.Ref === 'string') return value.Ref;
  const attribute = value['Fn::GetAtt'];
  return Array.isArray(attribute) ? (attribute[0] as string) : undefined;
}
