import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from './explain';

/** Something wrong, and where: the keys that lead to it. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

interface FleetSchema {
  readonly definitions: { readonly settings: { readonly properties: Record<string, { type?: string }> } };
}

const fleetSchema = JSON.parse(
  readFileSync(join(__dirname, '../fleet/fleet.schema.json'), 'utf8'),
) as FleetSchema;
const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
ajv.addSchema(fleetSchema, 'fleet');

/** The keys that a server may have, with the types of their values. */
export const SETTINGS: Readonly<Record<string, { type?: string }>> =
  fleetSchema.definitions.settings.properties;

/** What is wrong with a fleet file, by its schema. */
export function fleetProblems(value: unknown): Problem[] {
  return problems(ajv.getSchema('fleet')!, value);
}

/** What is wrong with the settings of a server; nothing is required here. */
export function settingsProblems(value: unknown): Problem[] {
  return problems(ajv.getSchema('fleet#/definitions/settings')!, value);
}

/** What is wrong with the settings of a logs user. */
export function logsUserProblems(value: unknown): Problem[] {
  return problems(ajv.getSchema('fleet#/definitions/logsUser')!, value);
}

function problems(validate: ValidateFunction, value: unknown): Problem[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).filter(isCause).map((error) => {
    const path = error.instancePath.split('/').slice(1).map(unescape);
    return { path: [...path, ...ownKey(error)], text: explain(error, path) };
  });
}

/** Not the error of a parent that only says that there is one below. */
const isCause = ({ keyword }: ErrorObject) => keyword !== 'propertyNames';

/** A key is wrong rather than the object that holds it. */
function ownKey({ keyword, params, propertyName }: ErrorObject): string[] {
  if (keyword === 'additionalProperties') return [String(params.additionalProperty)];
  return propertyName === undefined ? [] : [propertyName];
}

/** A step of a JSON pointer (RFC 6901); a number where it counts the items of a list. */
function unescape(step: string): string | number {
  if (/^\d{1,6}$/.test(step)) return Number(step);
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
