import type { ConditionsOfTemplate } from './implied-conditions';

type Statement = Readonly<Record<string, unknown>> & { readonly Resource?: unknown };
type If = { readonly 'Fn::If': readonly [string, unknown, unknown] };
interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  DependsOn?: string | string[];
  readonly Properties?: { readonly PolicyDocument?: { readonly Statement: Statement[] } };
}

/** The policies in a template. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Conditions?: ConditionsOfTemplate;
}

const NO_VALUE = { Ref: 'AWS::NoValue' };

/**
 * Makes a policy statement optional if all of its resources are optional, since IAM rejects a statement without a resource.
 */
export function guardStatements<T extends Template>(template: T): T {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const document = /^AWS::IAM::(Managed)?Policy$/.test(Type) ? Properties?.PolicyDocument : undefined;
    if (document) document.Statement.splice(0, Infinity, ...document.Statement.flatMap(guarded));
  }
  return template;
}

/** Makes some actions of one statement optional, by moving them into a separate statement. */
export function makeOptional<T extends Template>(
  template: T,
  actions: readonly string[],
  condition: string,
): T {
  const statements = Object.values(template.Resources).map(
    (r) => r.Properties?.PolicyDocument?.Statement ?? [],
  );
  const actionsOf = ({ Action }: Statement) => [Action].flat() as string[];
  const hasAll = (one: Statement) => actions.every((action) => actionsOf(one).includes(action));
  const found = statements.filter((list) => list.some(hasAll));
  if (found.length !== 1)
    throw new Error(`${found.length} policies have a statement for ${actions.join(', ')}`);
  const [list] = found;
  const index = list.findIndex(hasAll);
  const statement = list[index];
  const others = actionsOf(statement).filter((one) => !actions.includes(one));
  const optional = { 'Fn::If': [condition, { ...statement, Action: oneOrAll(actions) }, NO_VALUE] };
  list.splice(index, 1, ...(others.length > 0 ? [{ ...statement, Action: oneOrAll(others) }] : []), optional);
  return template;
}

const oneOrAll = (actions: readonly string[]) => (actions.length === 1 ? actions[0] : actions);

/** Returns one statement per condition, or the unchanged statement if one of its resources always exists. */
function guarded(statement: Statement): Statement[] {
  const resources = [statement.Resource].flat();
  if (!resources.every(isOptional)) return [statement];
  const byCondition = new Map<string, unknown[]>();
  for (const {
    'Fn::If': [condition, resource],
  } of resources)
    byCondition.set(condition, [...(byCondition.get(condition) ?? []), resource]);
  return [...byCondition].map(([condition, found]) => ({
    'Fn::If': [condition, { ...statement, Resource: found.length === 1 ? found[0] : found }, NO_VALUE],
  }));
}

function isOptional(resource: unknown): resource is If {
  const choice = (resource as Partial<If> | undefined)?.['Fn::If'];
  return choice !== undefined && JSON.stringify(choice[2]) === JSON.stringify(NO_VALUE);
}
