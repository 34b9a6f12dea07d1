import type { StackFacts } from './ports';

/** The parts of a template that decide what its expressions stand for. */
interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly NoEcho?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** What `AWS::NoValue` stands for: it is left out of lists and objects. */
const NO_VALUE = Symbol('AWS::NoValue');

type Functions = Readonly<Record<string, (stack: StackFacts, argument: never) => unknown>>;

const FUNCTIONS: Functions = {
  Ref: valueOfRef,
  'Fn::GetAtt': valueOfAttribute,
  'Fn::If': (stack, [condition, yes, no]: [string, unknown, unknown]) => {
    const holds = isTrue(stack, { Condition: condition });
    return holds === undefined ? undefined : evaluate(stack, holds ? yes : no);
  },
  'Fn::Join': (stack, [separator, given]: [string, unknown]) => textsIn(stack, given)?.join(separator),
  'Fn::Split': (stack, [separator, given]: [string, unknown]) => {
    const text = evaluate(stack, given);
    return typeof text === 'string' ? text.split(separator) : undefined;
  },
  'Fn::Select': (stack, [index, given]: [unknown, unknown]) => {
    const list = evaluate(stack, given);
    return Array.isArray(list) ? (list as unknown[])[Number(evaluate(stack, index))] : undefined;
  },
};

/**
 * What an expression of the template of a stack stands for; undefined if that is not known.
 *
 * In a list or an object, what is not known is undefined, and what has no value is left out.
 */
export function valueOf(stack: StackFacts, expression: unknown): unknown {
  const value = evaluate(stack, expression);
  return value === NO_VALUE ? undefined : value;
}

function evaluate(stack: StackFacts, expression: unknown): unknown {
  if (Array.isArray(expression))
    return expression.map((one) => evaluate(stack, one)).filter((one) => one !== NO_VALUE);
  if (typeof expression !== 'object' || expression === null) return expression;
  const entries = Object.entries(expression);
  const [name, argument] = entries.length === 1 ? entries[0] : [''];
  if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name](stack, argument as never);
  if (name.startsWith('Fn::')) return undefined;
  return Object.fromEntries(
    entries.map(([key, one]) => [key, evaluate(stack, one)]).filter(([, one]) => one !== NO_VALUE),
  );
}

/** The physical id of a resource, or the value of a parameter. */
function valueOfRef(stack: StackFacts, name: string): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const id = physicalIdOf(stack, name);
  if (id !== undefined) return id;
  const { Type: type = '', NoEcho: isHidden = false } = templateOf(stack).Parameters?.[name] ?? {};
  const value = stack.parameters[name];
  if (value === undefined || String(isHidden) === 'true') return undefined;
  return /List\b/.test(type) ? value.split(',').map((one) => one.trim()) : value;
}

/** An attribute is only known if it is the physical id itself. */
function valueOfAttribute(stack: StackFacts, [logicalId, attribute]: readonly string[]): string | undefined {
  return attribute === 'PrefixListId' ? physicalIdOf(stack, logicalId) : undefined;
}

/** Whether a condition holds; undefined if that is not known. */
function isTrue(stack: StackFacts, condition: unknown): boolean | undefined {
  const [[name, argument] = ['', undefined]] = Object.entries((condition ?? {}) as object);
  const results = () => (argument as unknown[]).map((one) => isTrue(stack, one));
  if (name === 'Condition') return isTrue(stack, templateOf(stack).Conditions?.[argument as string]);
  if (name === 'Fn::Not') {
    const [holds] = results();
    return holds === undefined ? undefined : !holds;
  }
  if (name === 'Fn::And') return every(results(), true);
  if (name === 'Fn::Or') return every(results(), false);
  if (name !== 'Fn::Equals') return undefined;
  const [one, other] = (argument as unknown[]).map((side) => valueOf(stack, side));
  return typeof one === 'string' && typeof other === 'string' ? one === other : undefined;
}

/** `value` if all are `value`, the opposite if one is the opposite, else undefined. */
function every(results: readonly (boolean | undefined)[], value: boolean): boolean | undefined {
  if (results.includes(!value)) return !value;
  return results.includes(undefined) ? undefined : value;
}

/** The texts that an expression of the template stands for; undefined if it is no list, or one of them is not known. */
export function textsIn(stack: StackFacts, expression: unknown): string[] | undefined {
  const list = evaluate(stack, expression);
  const isKnown = Array.isArray(list) && list.every((one) => typeof one === 'string');
  return isKnown ? (list as string[]) : undefined;
}

const physicalIdOf = ({ resources }: StackFacts, name: string) =>
  resources.find(({ logicalId }) => logicalId === name)?.physicalId;
const templateOf = ({ template }: StackFacts) => (template ?? {}) as Template;
