import type { ErrorObject } from 'ajv';
import { nearMiss } from '../../lib/private/near-miss';

interface Schema {
  readonly examples?: readonly string[];
  readonly properties?: object;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly not?: { readonly const: string };
}

/** Explains an error of the schema in a sentence: the key, the allowed values and the value. */
export function explain(error: ErrorObject, path: readonly (string | number)[]): string {
  const { keyword, params, data, propertyName } = error;
  const schema = (error.parentSchema ?? {}) as Schema;
  const name = nameOf(path);
  const got = `got: ${JSON.stringify(data)}`;
  switch (keyword) {
    case 'required':
      return `\`${params.missingProperty}\` is missing`;
    case 'additionalProperties':
      return unknownKey(String(params.additionalProperty), Object.keys(schema.properties ?? {}));
    case 'dependencies':
      return `\`${params.property}\` has no effect without \`${params.missingProperty}\``;
    case 'pattern':
      return propertyName === undefined
        ? `${name} must look like ${schema.examples?.[0]}, ${got}`
        : `a key of ${name} must look like ${schema.examples?.[0]}, got: ${JSON.stringify(propertyName)}`;
    case 'type':
      return `${name} must be ${typeText(params.type as string | string[])}, ${got}`;
    case 'enum':
      return `${name} must be one of ${(params.allowedValues as unknown[]).join(', ')}, ${got}`;
    case 'minimum':
    case 'maximum':
      return `${name} must be a number from ${schema.minimum} to ${schema.maximum}, ${got}`;
    case 'not':
      return `${name} must not be ${schema.not?.const}, the name of a stack that the app makes itself`;
    case 'uniqueItems':
      return `${name} must name each once, got twice: ${JSON.stringify((data as unknown[])[Number(params.i)])}`;
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return `${name} must not be empty`;
    default:
      return `${name} ${error.message}`;
  }
}

/** Returns the name of a value for messages: `subnets`, or item 2 of `subnets`. */
function nameOf(path: readonly (string | number)[]): string {
  const [key, index] = path.slice(-2);
  if (typeof index === 'number') return `item ${index + 1} of \`${key}\``;
  return path.length === 0 ? 'the file' : `\`${index ?? key}\``;
}

/** Explains an unknown key, with a suggestion if a known key is similar. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearMiss(key, known);
  return meant ? `unknown key \`${key}\`: did you mean \`${meant}\`?` : `unknown key \`${key}\``;
}

function typeText(type: string | string[]): string {
  return [type].flat().map(withArticle).join(' or ');
}

const withArticle = (type: string) =>
  ({ array: 'a list', object: 'an object', boolean: 'true or false', integer: 'a whole number' })[type] ??
  `a ${type}`;
