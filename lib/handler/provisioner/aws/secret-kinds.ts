import { MissingDependency } from '../runtime/failure';

/**
 * The password in a secret whose whole value it is.
 *
 * A JSON object is something else: the login of an administrator, an access key, a data source. Whoever names such a secret
 * would have it written where passwords go.
 */
export function passwordIn(text: string, secret: string): string {
  if (text === '')
    throw new MissingDependency(`The secret ${secret} is empty: it must hold the password of the role.`);
  if (!isJsonObject(text)) return text;
  throw new MissingDependency(
    `The secret ${secret} holds a JSON object, not the password of a role, which must be its whole value. Name the secret of the role's password, then deploy again.`,
  );
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** The value of a connection's secret, as far as a rotation looks at it. */
export interface Connection {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Undefined where the secret has no value yet, or another one. */
export function parseConnection(text: string | undefined): Connection | undefined {
  try {
    const value = JSON.parse(text ?? '') as Connection | null;
    return typeof value?.options === 'object' && value.options !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
