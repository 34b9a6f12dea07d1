import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import schema from '../fleet/fleet.schema.json';
import { explain } from './explain';

/** A problem, with the path of the value that causes it. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

interface FleetSchema {
  readonly definitions: { readonly settings: { readonly properties: Record<string, { type?: string }> } };
}

const fleetSchema = schema as FleetSchema;
const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
ajv.addSchema(fleetSchema, 'fleet');

/** The settings of a server, with their types. */
export const SETTINGS: Readonly<Record<string, { type?: string }>> =
  fleetSchema.definitions.settings.properties;

/** Validates a fleet file against its schema, and returns the problems. */
export function fleetProblems(value: unknown): Problem[] {
  return problems(ajv.getSchema('fleet')!, value);
}

/** Validates the settings of a server, and returns the problems; missing settings are not checked. */
export function settingsProblems(value: unknown): Problem[] {
  return problems(ajv.getSchema('fleet#/definitions/settings')!, value);
}

/** Validates the settings of a logs user, and returns the problems. */
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

/** Returns false for an error of a parent that only reports that a child has an error. */
const isCause = ({ keyword }: ErrorObject) => keyword !== 'propertyNames';

/** Returns the key that causes an error which the schema reports for the whole object. */
function ownKey({ keyword, params, propertyName }: ErrorObject): string[] {
  if (keyword === 'additionalProperties') return [String(params.additionalProperty)];
  return propertyName === undefined ? [] : [propertyName];
}

/** Decodes a token of a JSON pointer (RFC 6901); returns a number for the index of a list. */
function unescape(step: string): string | number {
  if (/^\d{1,6}$/.test(step)) return Number(step);
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
