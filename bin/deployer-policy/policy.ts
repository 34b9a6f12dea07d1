import { ACTIONS, BOOTSTRAP_VERSION, CUSTOM, type Names } from './actions';

interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { readonly Name?: unknown } }>
  >;
}

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

export interface DeployerPolicy {
  readonly document: { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] };
  /** The types of resources that are not of this library: what they need is not in the policy. */
  readonly otherTypes: readonly string[];
}

/** Generated names of roles and functions, which have 64 characters at most, hold this much of the name of the stack. */
const MAX_STACK_NAME = 24;

/** Returns what CloudFormation must be allowed to do to create, update and delete the stack of a template. */
export function deployerPolicy(template: Template, stackName: string): DeployerPolicy {
  const names = namesIn(template, stackName);
  const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))];
  const isCustom = (type: string) => type.startsWith('Custom::');
  const needed = [
    ...types.flatMap((type) => (isCustom(type) ? CUSTOM : (ACTIONS[type] ?? []))),
    ...(template.Parameters?.BootstrapVersion ? BOOTSTRAP_VERSION : []),
  ];
  const byResource = new Map<string, Set<string>>();
  for (const { on, actions } of needed) {
    const key = JSON.stringify(on(names));
    byResource.set(key, new Set([...(byResource.get(key) ?? []), ...actions]));
  }
  const statements = [...byResource].map(([key, actions]): Statement => {
    const resources = JSON.parse(key) as string[];
    return {
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: resources.length === 1 ? resources[0] : resources,
    };
  });
  return {
    document: { Version: '2012-10-17', Statement: statements },
    otherTypes: types.filter(
      (type) => !isCustom(type) && type !== 'AWS::CDK::Metadata' && !(type in ACTIONS),
    ),
  };
}

/** A secret without a name gets one that begins with its logical id. */
function namesIn(template: Template, stackName: string): Names {
  const secrets = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret')
    .map(([id, { Properties }]) => (typeof Properties?.Name === 'string' ? Properties.Name : id));
  return { own: stackName.slice(0, MAX_STACK_NAME), secrets };
}
