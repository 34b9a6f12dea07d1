import { MissingDependency } from '../runtime/failure';

/**
 * Returns the password in a secret. Throws MissingDependency unless the password is the whole value, without a line break at its end.
 *
 * A JSON object is the login of an administrator, an access key or a data source, which must not be written where passwords
 * are written.
 */
export function passwordIn(text: string, secret: string): string {
  if (text === '')
    throw new MissingDependency(`The secret ${secret} is empty: it must hold the password of the role.`);
  if (isJsonObject(text))
    throw new MissingDependency(
      `The secret ${secret} holds a JSON object, not the password of a role, which must be its whole value. Name the secret of the role's password, then deploy again.`,
    );
  if (/[\r\n]$/.test(text))
    throw new MissingDependency(
      `The secret ${secret} ends with a line break, which an editor or \`echo\` has added to the password. Store the password without it, for example from a file that \`printf %s\` wrote, then deploy again.`,
    );
  return text;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** The value of a data source secret, as far as a rotation reads it. */
export interface Connection {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Parses a data source secret; undefined for another value or none. */
export function parseConnection(text: string | undefined): Connection | undefined {
  try {
    const value = JSON.parse(text ?? '') as Connection | null;
    return typeof value?.options === 'object' && value.options !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
