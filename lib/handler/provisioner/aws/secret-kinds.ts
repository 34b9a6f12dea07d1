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
  if (parseObject(text))
    throw new MissingDependency(
      `The secret ${secret} holds a JSON object, not the password of a role, which must be its whole value. Name the secret of the role's password, then deploy again.`,
    );
  if (/[\r\n]$/.test(text))
    throw new MissingDependency(
      `The secret ${secret} ends with a line break, which an editor or \`echo\` has added to the password. Store the password without it, for example from a file that \`printf %s\` wrote, then deploy again.`,
    );
  return text;
}

/** Parses a JSON object; undefined for any other text. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a data source secret, as far as a rotation reads it. */
export interface Connection {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Parses a data source secret; undefined for another value or none. */
export function parseConnection(text: string | undefined): Connection | undefined {
  const value = parseObject(text);
  const isConnection = typeof value?.options === 'object' && value.options !== null;
  return isConnection ? (value as unknown as Connection) : undefined;
}
