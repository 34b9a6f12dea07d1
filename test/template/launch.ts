interface Part {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
}

export interface LaunchTemplate {
  readonly Parameters: Record<string, { Default?: unknown; Type: string }>;
  readonly Conditions: Record<string, unknown>;
  readonly Resources: Record<string, Part>;
  readonly Outputs: Record<string, { Condition?: string; Value: unknown }>;
}

export interface Launched {
  /** By logical id: what is made, its properties resolved. */
  readonly resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  readonly outputs: Record<string, unknown>;
}

const NO_VALUE = Symbol('AWS::NoValue');

/** What CloudFormation would make of a template with these parameters; fails where something refers to what is not there. */
export function launch(
  template: LaunchTemplate,
  parameters: Record<string, string>,
  region = 'eu-west-1',
): Launched {
  const holds = (name: string): boolean => Boolean(value(template.Conditions[name]));
  const isMade = ({ Condition }: { Condition?: string }) => Condition === undefined || holds(Condition);
  const pseudo: Record<string, unknown> = {
    'AWS::Region': region,
    'AWS::AccountId': '111111111111',
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackId': `arn:aws:cloudformation:${region}:111111111111:stack/Datafold/0f3c9a10`,
    'AWS::NoValue': NO_VALUE,
  };

  function ref(id: string): unknown {
    if (id in pseudo) return pseudo[id];
    if (id in template.Parameters) {
      const text = String(parameters[id] ?? template.Parameters[id].Default);
      return template.Parameters[id].Type.startsWith('List') ? text.split(',') : text;
    }
    if (template.Resources[id] && isMade(template.Resources[id])) return `<${id}>`;
    throw new Error(`Unresolved resource dependencies [${id}]`);
  }

  const functions: Record<string, (argument: never) => unknown> = {
    Ref: ref,
    Condition: holds,
    'Fn::GetAtt': ([id, attribute]: [string, string]) => `${String(ref(id))}.${attribute}`,
    'Fn::If': ([name, yes, no]: [string, unknown, unknown]) => value(holds(name) ? yes : no),
    'Fn::Join': ([by, parts]: [string, unknown]) => (value(parts) as unknown[]).map(joinable).join(by),
    'Fn::Split': ([by, text]: [string, unknown]) => (value(text) as string).split(by),
    'Fn::Select': ([index, from]: [number, unknown]) => (value(from) as unknown[])[index],
    'Fn::Equals': ([a, b]: [unknown, unknown]) => value(a) === value(b),
    'Fn::Not': ([a]: [unknown]) => !value(a),
    'Fn::And': (all: unknown[]) => all.every(value),
    'Fn::Or': (all: unknown[]) => all.some(value),
  };

  function value(json: unknown): unknown {
    if (Array.isArray(json)) return json.map(value).filter((item) => item !== NO_VALUE);
    if (json === null || typeof json !== 'object') return json;
    const [[name, argument], ...others] = [...Object.entries(json), ['', undefined]];
    if (others.length === 1 && name in functions) return functions[name](argument as never);
    if (name.startsWith('Fn::')) throw new Error(`Unknown function ${name}`);
    return Object.fromEntries(
      Object.entries(json)
        .map(([key, item]) => [key, value(item)])
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  const resources = Object.entries(template.Resources)
    .filter(([, resource]) => isMade(resource))
    .map(([id, { Type, Properties = {}, DependsOn = [] }]) => {
      [DependsOn].flat().forEach(ref);
      return [id, { Type, Properties: value(Properties) as Record<string, unknown> }] as const;
    });
  const outputs = Object.entries(template.Outputs)
    .filter(([, output]) => isMade(output))
    .map(([id, { Value }]) => [id, value(Value)]);
  return {
    resources: Object.fromEntries(resources),
    outputs: Object.fromEntries(outputs) as object as Launched['outputs'],
  };
}

function joinable(part: unknown): string {
  if (typeof part !== 'string') throw new Error(`Fn::Join takes no ${typeof part}`);
  return part;
}
